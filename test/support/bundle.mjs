// Bundles a program of the tests, since Node alone cannot import the scripts that the operator's Pods run.
import { build } from "esbuild";

/** `plugins` may change sources on their way, as the mutants do. */
export function bundle(entry, outfile, plugins = []) {
  return build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    sourcemap: "inline",
    loader: { ".py": "text", ".sh": "text" },
    external: ["koffi"],
    banner: { js: 'import { createRequire as jackdawRequire } from "node:module"; const require = jackdawRequire(import.meta.url);' },
    logLevel: "warning",
    plugins,
  });
}

const [entry, outfile] = process.argv.slice(2);
if (entry !== undefined && outfile !== undefined && import.meta.main) await bundle(entry, outfile);
