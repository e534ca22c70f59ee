import { describe, test } from "@jest/globals";
import { RuleTester } from "oxlint/plugins-dev";
import { moduleState } from "./module-state.ts";

RuleTester.describe = describe;
RuleTester.it = test;

const options = [{ makers: ["z"] }];
const good = (name: string, code: string) => ({ name, filename: "good.ts", code, options });
const bad = (name: string, code: string, message: RegExp) => ({ name, filename: "bad.ts", code, options, errors: [{ message }] });

new RuleTester({ languageOptions: { sourceType: "module" } }).run("module-state", moduleState, {
  valid: [
    good("constants", "const a = 1; const b = `x`; const c = /x/; const d = b.length; const e = (n: number) => n; export const f = e;"),
    good(
      "literals as const",
      "const a = [1] as const; export const b = { c: [{ d: 1 }] } as const; const e = { f: 1 } as const satisfies F;",
    ),
    good("readonly types", "const a: readonly string[] = ['x']; const b: Readonly<Record<string, string>> = { c: 'd' };"),
    good(
      "readonly collections",
      "const a: ReadonlySet<string> = new Set(['x']); const b: ReadonlyMap<string, string> = new Map([['x', 'y']]);",
    ),
    good("what is frozen", "const a = Object.freeze({ b: [1] });"),
    good("makers", "const a = z.object({ b: z.string() }).optional();"),
    good("what is made of a constant", "const a: readonly string[] = Object.keys(b).map((c) => c);"),
    good(
      "state within a function",
      "function f() { let a = 0; const b = new Map(); a += 1; b.set(a, a); const c = { d: 1 }; c.d = 2; return b; }",
    ),
    good("a name of its own that is also one at the top", "const a = [1] as const; function f(a: number[]) { a.push(1); }"),
    good("a pattern that replaces", "const a = /x/g; export const b = (text: string) => text.replaceAll(a, '');"),
    good("instances of classes", "export class A { b = 1; static readonly c = 1; }"),
  ],
  invalid: [
    bad("let", "let a: number;", /`let` at its top/),
    bad("var", "export var a = 1;", /`var` at its top/),
    bad("a Map", "const a = new Map([[1, 2]]);", /a Map .* is not readonly/),
    bad("a Set", "export const a = new Set<string>();", /a Set .* is not readonly/),
    bad("a Map of a type that can be changed", "const a: Map<number, number> = new Map();", /a Map .* is not readonly/),
    bad("a Map that is to be filled", "const a: ReadonlyMap<number, number> = new Map();", /an empty Map .* to be filled/),
    bad("a WeakMap", "const a: Readonly<WeakMap<object, string>> = new WeakMap();", /a WeakMap/),
    bad("an instance", "const a = new Cache(1);", /a Cache .* is not readonly/),
    bad("an array", "const a = [1];", /an array .* is not readonly/),
    bad("an array of a type that can be changed", "export const a: number[] = [1];", /an array .* is not readonly/),
    bad("an object", "const a = { b: 1 };", /an object .* is not readonly/),
    bad("an object that only satisfies", "const a = { b: 1 } satisfies A;", /an object .* is not readonly/),
    bad("a Map in a constant object", "const a = { b: new Map() } as const;", /an empty Map/),
    bad("one of two", "const a = b ? ([1] as const) : [2];", /an array .* is not readonly/),
    bad("what a function answers", "const a = states();", /is not of a readonly type/),
    bad("what a function creates", "const a: Readonly<Cache> = createCache();", /may hold state/),
    bad(
      "what a function without a name holds",
      "const a: Readonly<A> = (() => { let n = 0; return { next: () => n++ }; })();",
      /may hold state/,
    ),
    bad("a list that is made", "const a = b.map((c) => c);", /is not of a readonly type/),
    bad("a static field", "class A { static b = 1; }", /a static field/),
    bad("a field of a constant that is set", "const a: Readonly<A> = { b: { c: 1 } }; function f() { a.b.c = 2; }", /is changed/),
    bad("a field of what is imported", "import { a } from './a.ts'; function f() { a.b = 2; }", /is changed/),
    bad("a field of a function", "function f() { f.calls++; }", /is changed/),
    bad("a field that is taken away", "const a: Readonly<A> = { b: 1 }; function f() { delete (a as B).b; }", /is changed/),
    bad("a list in a constant that grows", "const a: Readonly<A> = { b: [] }; function f() { a.b.push(1); }", /is changed/),
    bad(
      "a constant that something is assigned to",
      "const a: Readonly<A> = { b: 1 }; function f() { Object.assign(a, { b: 2 }); }",
      /is changed/,
    ),
    bad("what everybody has", "function f() { globalThis.a = 1; }", /is changed/),
    bad("a pattern that remembers", "const a = /x/g; function f(text: string) { return a.test(text); }", /remembers where it was/),
  ],
});
