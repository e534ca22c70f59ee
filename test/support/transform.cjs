// jest's transform: TypeScript through esbuild, scripts as text. SEEDED_FAULT holds the edits of a seeded fault as JSON, see `make mutants`.
const { createHash } = require("node:crypto");
const { transformSync } = require("esbuild");
const { applyMutant, editsOf } = require("./apply-mutant.cjs");

const edits = JSON.parse(process.env.SEEDED_FAULT ?? "[]");

module.exports = {
  getCacheKey(source, path, { configString }) {
    const parts = [source, path, configString, editsOf(edits, path), process.version];
    return createHash("sha1").update(JSON.stringify(parts)).digest("hex");
  },
  process(original, path) {
    const source = applyMutant(edits, path, original);
    if (/\.(py|sh|txt)$/.test(path)) return { code: `module.exports = ${JSON.stringify(source)};` };
    return transformSync(source, { loader: "ts", format: "esm", target: "node24", sourcefile: path, sourcemap: "inline" });
  },
};
