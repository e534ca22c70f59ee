import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import * as kubeKinds from "../../src/kube/kinds.ts";
import { builtObjects } from "./built-objects.ts";
import { exportedFunctions } from "./exported-functions.ts";
import { goldenYaml, namingScripts } from "./golden-yaml.ts";
import { scriptFiles } from "./script-files.ts";

const src = new URL("../../src/", import.meta.url);
const golden = new URL("golden/", import.meta.url);
const scripts = scriptFiles(src);
const modules = readdirSync(new URL("kinds/", src), { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
);

/** Types of objects that Kubernetes makes: a function that answers with one has looked it up. */
const neverBuilt: readonly string[] = ["Pod", "Node"];

/** Whether it is the type of an object that the operator makes: `Deployment`, `Secret | undefined`. */
function isObject(type: string | undefined): boolean {
  return type?.split(" | ").some((each) => Object.hasOwn(kubeKinds, each) && !neverBuilt.includes(each)) === true;
}

const buildersIn = (text: string) => exportedFunctions(text).filter(({ returns }) => isObject(returns));

/** Each module of a kind with a function that makes an object. */
const builderModules = modules.flatMap((path) => {
  const builders = buildersIn(readFileSync(new URL(`kinds/${path}`, src), "utf8"));
  return builders.length === 0 ? [] : [{ path, names: builders.map(({ name }) => name) }];
});

describe("an object that a builder makes", () => {
  test.each(Object.entries(builtObjects))("%s is as its golden file has it; `make golden` writes it", (name, { object }) => {
    const file = new URL(`${name}.yaml`, golden);
    const text = readFileSync(file, "utf8");

    expect(goldenYaml(object, scripts)).toBe(text);
    expect(parse(text)).toEqual(namingScripts(object, scripts));
  });

  test("has the only golden files", () => {
    expect(
      readdirSync(golden)
        .map((file) => file.replace(/\.yaml$/, ""))
        .sort(),
    ).toEqual(Object.keys(builtObjects).sort());
  });

  test("names scripts in golden files instead of holding them", () => {
    const texts = Object.keys(builtObjects).map((name) => readFileSync(new URL(`${name}.yaml`, golden), "utf8"));
    expect([...scripts.keys()].filter((file) => texts.some((text) => text.includes(`<${file}>`))).sort()).toEqual([
      "admin-socket.py",
      "clean-host.py",
      "devices.py",
      "mds.sh",
      "mgr.sh",
      "mon.sh",
      "osd.sh",
      "prepare-osds.py",
      "version.sh",
    ]);
  });
});

describe("a builder", () => {
  const tried = new Set(Object.values(builtObjects).map(({ builder }) => builder));

  test("is known by the type that it returns", () => {
    const text = [
      "export function a(one: string): Deployment {\n  if (one) {\n  }\n}",
      "export function b(\n  { two = 1 }: { two?: number } = {},\n): Secret | undefined {\n}",
      "export function c() {\n  const d = (): Job => {\n  };\n}",
      "export function e(): string {\n}",
      "export function f(): Pod | undefined {\n}",
    ].join("\n\n");
    expect(exportedFunctions(text).map(({ name, returns }) => `${name}: ${returns}`)).toEqual([
      "a: Deployment",
      "b: Secret | undefined",
      "c: undefined",
      "e: string",
      "f: Pod | undefined",
    ]);
    expect(buildersIn(text).map(({ name }) => name)).toEqual(["a", "b"]);
  });

  test.each(builderModules.map(({ path, names }) => [path, names] as const))("of %s has a golden file", async (path, names) => {
    const exported = (await import(`../../src/kinds/${path}`)) as Readonly<Record<string, unknown>>;

    expect(names.filter((name) => !tried.has(exported[name]))).toEqual([]);
    // a function beside them that does not say what it returns could be one, too
    const said = exportedFunctions(readFileSync(new URL(`kinds/${path}`, src), "utf8")).filter(({ returns }) => returns !== undefined);
    const functions = Object.keys(exported).filter((name) => typeof exported[name] === "function");
    expect(functions.sort()).toEqual(said.map(({ name }) => name).sort());
  });

  test("is found wherever one is", () => {
    const found = builderModules.flatMap(({ names }) => names);
    expect(found.length).toBe(tried.size);
    expect(found).toEqual(expect.arrayContaining(["monDeployment", "mdsBudget", "clientSecret", "prepareJob"]));
  });
});
