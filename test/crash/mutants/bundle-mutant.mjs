import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";
import mutating from "../../support/apply-mutant.cjs";
import { bundleOptions } from "../../support/bundle.mjs";

/** Gives back `bundle(edits, outfile)`, which bundles a program with a seeded fault: one after the other, each from what the last one left. */
export async function createMutantBundler(entry) {
  let edits = [];
  const plugin = {
    name: "seeded-fault",
    setup(build) {
      build.onLoad({ filter: /\.(ts|py|sh|txt)$/ }, async ({ path }) => {
        if (mutating.editsOf(edits, path).length === 0) return undefined;
        const contents = mutating.applyMutant(edits, path, await readFile(path, "utf8"));
        return { contents, loader: path.endsWith(".ts") ? "ts" : "text" };
      });
    },
  };
  // without a source map, which is most of such a file
  const made = await context({
    ...bundleOptions(fileURLToPath(entry), ""),
    outfile: "out.mjs",
    write: false,
    sourcemap: false,
    plugins: [plugin],
    logLevel: "silent",
  });
  let last = Promise.resolve();
  return {
    bundle(wanted) {
      const done = last.then(async () => {
        edits = wanted;
        const { outputFiles } = await made.rebuild();
        return outputFiles[0].contents;
      });
      last = done.catch(() => {});
      return done;
    },
    close: () => made.dispose(),
  };
}
