import { writeFile } from "node:fs/promises";
import { ConfigurationError } from "./kube/configuration-error.ts";
import { isKubeError } from "./kube/kube-error.ts";
import { asksForHelp, SettingsError } from "./read-flags.ts";
import { readSettings } from "./settings.ts";
import { version } from "./version.ts";

/** As package.json has it: earlier ones lack what the libraries here use. */
const oldestNode = [24, 5] as const;

const usage = `usage: jackdaw operator [--kubeconfig FILE] [--context NAME] [--log-level debug] …   runs the operator (docs/reference.md has every flag)
       jackdaw demo [--nodes 3] [--osds-per-node 2] [--once]                         starts a simulated cluster and shows the operator at work
       jackdaw crds [--write FILE]                                                   prints the CustomResourceDefinitions
       jackdaw version`;

/** The command line; resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]))
    throw new SettingsError(
      `this is Node ${process.version}, and ${oldestNode.join(".")} or later is needed; \`npm ci\` brings one into node_modules/.bin, which make uses`,
    );
  if (asksForHelp(args)) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  // `rook ceph operator` is how Rook's own Deployment starts the operator
  const [command, ...rest] = args[0] === "ceph" ? args.slice(1) : args;
  switch (command) {
    case "operator": {
      const stop = new AbortController();
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort(new Error(`got ${signal}`)));
      const { runOperator } = await import("./operator.ts");
      return runOperator(readSettings(rest, process.env), process.env, stop.signal);
    }
    case "demo": {
      const stop = new AbortController();
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort(new Error(`got ${signal}`)));
      const { runDemo } = await import("./demo/demo.ts");
      return runDemo(rest, process.stdout, stop.signal);
    }
    case "crds": {
      const { renderCrds } = await import("./schema/crd.ts");
      const { loadCrds } = await import("./kinds/index.ts");
      const text = renderCrds(await loadCrds());
      const [flag, file] = rest;
      if (flag === undefined) process.stdout.write(text);
      else if (flag === "--write" && file !== undefined) await writeFile(file, text);
      else throw new SettingsError(`jackdaw crds takes no "${flag}"; write into a file with --write FILE`);
      return 0;
    }
    case "version":
      process.stdout.write(`rook: v${version}\njackdaw: v${version}\nnode: ${process.version}\n`);
      return 0;
    case undefined:
    default:
      process.stderr.write(`${usage}\n`);
      return 2;
  }
}

/** What went wrong, for a person: one sentence where it is theirs to mend. */
function say(error: unknown): string {
  if (error instanceof SettingsError || error instanceof ConfigurationError) return error.message;
  if (isKubeError(error)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// nothing else keeps the process alive while no request is under way: every timer of the clock is unreferenced
const alive = setInterval(() => {}, 3_600_000);
try {
  const code = await main(process.argv.slice(2));
  // a pass that does not listen may still be under way: nothing may go on after a failure
  if (code === 1) process.exit(1);
  process.exitCode = code;
} catch (error) {
  process.stderr.write(`jackdaw: ${say(error)}\n`);
  process.exitCode = 1;
} finally {
  clearInterval(alive);
}
