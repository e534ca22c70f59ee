import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { builtObjects } from "./built-objects.ts";
import { goldenYaml } from "./golden-yaml.ts";
import { scriptFiles } from "./script-files.ts";

// `make golden` writes the objects; this runs from build/
const folder = new URL("../test/builders/golden/", import.meta.url);
const scripts = scriptFiles(new URL("../src/", import.meta.url));

await mkdir(folder, { recursive: true });
for (const [name, { object }] of Object.entries(builtObjects))
  await writeFile(new URL(`${name}.yaml`, folder), goldenYaml(object, scripts));
const strays = (await readdir(folder)).filter((file) => builtObjects[file.replace(/\.yaml$/, "")] === undefined);
for (const file of strays) await rm(new URL(file, folder));
process.stdout.write(`${Object.keys(builtObjects).length} objects; removed: ${strays.join(", ") || "none"}\n`);
