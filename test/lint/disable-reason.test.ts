import { describe, test } from "@jest/globals";
import { RuleTester } from "oxlint/plugins-dev";
import { disableReason } from "./disable-reason.ts";

RuleTester.describe = describe;
RuleTester.it = test;

const bad = (name: string, code: string) => ({ name, code, errors: [{ message: "Say which rule is turned off, and after ` -- ` why" }] });

new RuleTester({ languageOptions: { sourceType: "module" } }).run("disable-reason", disableReason, {
  valid: [
    { name: "a reason", code: "// oxlint-disable-next-line max-lines-per-function -- one manifest\nlet a = 1;" },
    { name: "two rules", code: "// oxlint-disable-next-line max-lines, typescript/no-explicit-any -- why\nlet a = 1;" },
    { name: "other comments", code: "// how oxlint is turned off\nlet a = 1;" },
  ],
  invalid: [
    bad("no reason", "// oxlint-disable-next-line max-lines-per-function\nlet a = 1;"),
    bad("an empty reason", "// oxlint-disable-next-line max-lines-per-function -- \nlet a = 1;"),
    bad("no rule", "// oxlint-disable-next-line -- why\nlet a = 1;"),
    bad("a block", "/* eslint-disable max-lines */\nlet a = 1;"),
  ],
});
