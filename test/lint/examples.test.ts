import { describe, test } from "@jest/globals";
import { RuleTester } from "oxlint/plugins-dev";
import { examples } from "./examples.ts";

RuleTester.describe = describe;
RuleTester.it = test;

const good = (name: string, code: string) => ({ name, filename: "good.ts", code });
const bad = (name: string, code: string) => ({
  name,
  filename: "bad.ts",
  code,
  errors: [{ message: "The doc comment of f has no @example" }],
});

new RuleTester({ languageOptions: { sourceType: "module" } }).run("examples", examples, {
  valid: [
    good("a function with one", "/** Does.\n * @example f(1)\n */\nexport function f() {}"),
    good("a constant with one", "/** @example f(1) */\nexport const f = () => 1;"),
    good("a comment of lint's between", "/** @example f(1) */\n// oxlint-disable-next-line max-lines -- why\nexport function f() {}"),
    good("a function that is not exported", "function f() {}"),
    good("types, classes and values", "export interface F { f(): void } export type G = F; export class H {} export const i = 1;"),
    good("what is exported once more", 'export { f } from "./f.ts";'),
  ],
  invalid: [
    bad("a function without a comment", "export function f() {}"),
    bad("a function without one in its comment", "/** Does. */\nexport async function f() {}"),
    bad("a generator", "/** Does. */\nexport async function* f() {}"),
    bad("a constant", "/** Does. */\nexport const f = (a: number): number => a;"),
    bad("one of another's", "/** @example g() */\nexport function g() {}\nexport function f() {}"),
    bad("one in a comment that is none of its doc", "// @example f()\nexport function f() {}"),
  ],
});
