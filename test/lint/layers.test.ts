import { readFileSync } from "node:fs";
import { describe, test } from "@jest/globals";
import { RuleTester } from "oxlint/plugins-dev";
import { layers } from "./layers.ts";

RuleTester.describe = describe;
RuleTester.it = test;

type Options = NonNullable<Extract<Parameters<RuleTester["run"]>[2]["valid"][number], object>["options"]>;

/** As `.oxlintrc.json` has them. */
const config = JSON.parse(readFileSync(new URL("../../.oxlintrc.json", import.meta.url), "utf8")) as {
  readonly overrides: readonly { readonly rules: Readonly<Record<string, readonly [string, Options[number]]>> }[];
};
const options: Options = config.overrides.flatMap(({ rules }) =>
  rules["jackdaw/layers"] === undefined ? [] : [rules["jackdaw/layers"][1]],
);

const code = (path: string) => `import { a } from "${path}";`;
const good = (from: string, path: string) => ({ name: `${from} may import ${path}`, filename: `src/${from}`, code: code(path), options });
const bad = (from: string, path: string, said: string, text = code(path)) => ({
  name: `${from} may not have ${text}`,
  filename: `src/${from}`,
  code: text,
  options,
  errors: [{ message: `Imports go downward only: ${said}` }],
});

new RuleTester({ languageOptions: { sourceType: "module" } }).run("layers", layers, {
  valid: [
    good("kinds/ceph-client/reconcile.ts", "../../resource/outcome.ts"),
    good("kinds/ceph-cluster/reconcile.ts", "./mon/step.ts"),
    good("kinds/ceph-cluster/mon/step.ts", "./decide.ts"),
    good("kinds/ceph-cluster/mon/step.ts", "../common/placed-mon.ts"),
    good("kinds/ceph-cluster/mon/step.ts", "../../../kube/kinds.ts"),
    good("kinds/index.ts", "./ceph-client/kind.ts"),
    good("simceph/sim-cluster.ts", "../ceph/keyring.ts"),
    good("runtime/logging.ts", "winston"),
    good("main.ts", "./operator.ts"),
  ],
  invalid: [
    bad("kube/store.ts", "../runtime/conditions.ts", "kube may not import runtime"),
    bad("runtime/manager.ts", "../ceph/ceph.ts", "runtime may not import ceph"),
    bad("ceph/keyring.ts", "../runtime/conditions.ts", "ceph may not import runtime"),
    bad("schema/crd.ts", "../ceph/keyring.ts", "schema may not import ceph"),
    bad("daemons/names.ts", "../resource/outcome.ts", "daemons may not import resource"),
    bad("daemons/names.ts", "../kinds/ceph-cluster/reconcile.ts", "daemons may not import kinds/ceph-cluster"),
    bad("resource/outcome.ts", "../pools/pool-spec.ts", "resource may not import pools"),
    bad("pools/pool-spec.ts", "../kinds/ceph-client/schema.ts", "pools may not import kinds/ceph-client"),
    bad("kinds/ceph-client/kind.ts", "../ceph-filesystem/kind.ts", "kinds/ceph-client may not import kinds/ceph-filesystem"),
    bad("kinds/ceph-client/kind.ts", "../index.ts", "kinds/ceph-client may not import kinds/index.ts"),
    bad("kinds/ceph-cluster/mon/step.ts", "../osd/build.ts", "kinds/ceph-cluster/mon may not import kinds/ceph-cluster/osd"),
    bad("kinds/ceph-cluster/mon/step.ts", "../reconcile.ts", "kinds/ceph-cluster/mon may not import kinds/ceph-cluster"),
    bad("kinds/ceph-cluster/common/pass.ts", "../mon/build.ts", "kinds/ceph-cluster/common may not import kinds/ceph-cluster/mon"),
    bad("kinds/ceph-client/kind.ts", "../ceph-cluster/mon/build.ts", "kinds/ceph-client may not import kinds/ceph-cluster/mon"),
    bad("kinds/index.ts", "../operator.ts", "kinds/index.ts may not import operator.ts"),
    bad("operator.ts", "./simceph/sim-cluster.ts", "operator.ts may not import simceph"),
    bad("simkube/api/store.ts", "../../ceph/ceph.ts", "simkube may not import ceph"),
    bad("simceph/osd-answers.ts", "../schema/defaults.ts", "simceph may not import schema"),
    bad("kube/store.ts", "../new-folder/a.ts", "kube may not import what no layer names"),
    bad("kube/store.ts", "../runtime/a.ts", "kube may not import runtime", 'export { a } from "../runtime/a.ts";'),
    bad("kube/store.ts", "../runtime/a.ts", "kube may not import runtime", 'export * from "../runtime/a.ts";'),
    bad("kube/store.ts", "../runtime/a.ts", "kube may not import runtime", 'import type { A } from "../runtime/a.ts";'),
    bad("kube/store.ts", "../runtime/a.ts", "kube may not import runtime", 'const a = import("../runtime/a.ts");'),
  ],
});
