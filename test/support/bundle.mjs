// Bundles a program of the tests, since Node alone cannot import the scripts that the operator's Pods run.
import { build } from "esbuild";

/** What a program of the tests is bundled with. */
export function bundleOptions(entry, outfile) {
  return {
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    sourcemap: "inline",
    loader: { ".py": "text", ".sh": "text", ".txt": "text" },
    external: ["koffi"],
    banner: { js: 'import { createRequire as jackdawRequire } from "node:module"; const require = jackdawRequire(import.meta.url);' },
    logLevel: "warning",
  };
}

export function bundle(entry, outfile) {
  return build(bundleOptions(entry, outfile));
}

const [entry, outfile] = process.argv.slice(2);
if (entry !== undefined && outfile !== undefined && import.meta.main) await bundle(entry, outfile);
