import { writeFile } from "node:fs/promises";
import { childKinds } from "../../src/kinds/index.ts";
import { kindsPage } from "./render-kinds-page.ts";

// `make manifests` writes the page; without --write it is printed
if (process.argv.includes("--write")) await writeFile("docs/kinds.md", kindsPage(childKinds));
else process.stdout.write(kindsPage(childKinds));
