// jest's transform: TypeScript through esbuild, scripts as text.
const { transformSync } = require("esbuild");

module.exports = {
  process(source, path) {
    if (/\.(py|sh)$/.test(path)) return { code: `module.exports = ${JSON.stringify(source)};` };
    return transformSync(source, { loader: "ts", format: "esm", target: "node24", sourcefile: path, sourcemap: "inline" });
  },
};
