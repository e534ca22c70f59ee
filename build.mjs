// Bundles the operator into dist/main.mjs. koffi stays outside: it is a native module, and only the in-cluster Ceph transport loads it.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

// chunks are named after their content: those of earlier builds would stay
await rm("dist", { recursive: true, force: true });

await build({
  entryPoints: ["src/main.ts"],
  outdir: "dist",
  entryNames: "[name]",
  outExtension: { ".js": ".mjs" },
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node24",
  minifySyntax: true,
  sourcemap: "external",
  legalComments: "none",
  loader: { ".py": "text", ".sh": "text", ".txt": "text" },
  external: ["koffi"],
  banner: { js: 'import { createRequire as jackdawRequire } from "node:module"; const require = jackdawRequire(import.meta.url);' },
  logLevel: "warning",
});
