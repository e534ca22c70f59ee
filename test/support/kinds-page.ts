import { writeFile } from "node:fs/promises";
import { operatorKinds } from "../../src/kinds/index.ts";
import { kindsPage } from "./render-kinds-page.ts";

// `make manifests` writes the page; without --write it is printed
if (process.argv.includes("--write")) await writeFile("docs/kinds.md", kindsPage(operatorKinds));
else process.stdout.write(kindsPage(operatorKinds));
