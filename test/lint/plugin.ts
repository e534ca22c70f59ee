import { disableReason } from "./disable-reason.ts";
import { examples } from "./examples.ts";
import { layers } from "./layers.ts";
import { moduleState } from "./module-state.ts";

// oxlint-disable-next-line import/no-default-export -- oxlint loads a plugin by its default export
export default { meta: { name: "jackdaw" }, rules: { "disable-reason": disableReason, examples, layers, "module-state": moduleState } };
