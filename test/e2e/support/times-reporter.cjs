// With E2E_TIMES set, ends a run with a table: how long each case took, and each file with its cluster's start and end.
const path = require("node:path");

const seconds = (ms) => `${((ms ?? 0) / 1000).toFixed(1)} s`.padStart(9);

module.exports = class TimesReporter {
  onRunComplete(_contexts, { testResults }) {
    if (!process.env.E2E_TIMES) return;
    const lines = [...testResults]
      .sort((a, b) => a.testFilePath.localeCompare(b.testFilePath))
      .flatMap(({ testFilePath, testResults: cases, perfStats }) => [
        `${seconds(perfStats.end - perfStats.start)}  ${path.relative(process.cwd(), testFilePath)}`,
        ...cases.map(
          ({ duration, fullName, status }) => `${seconds(duration)}      ${status === "passed" ? "" : `${status}: `}${fullName}`,
        ),
      ]);
    process.once("exit", () => process.stdout.write(`\n${lines.join("\n")}\n`));
  }
};
