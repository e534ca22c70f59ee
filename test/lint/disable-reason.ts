import type { RuleTester } from "oxlint/plugins-dev";

// oxlint's own names for these are in a package of its own
type Rule = Parameters<RuleTester["run"]>[1];

/** A comment that turns a rule off says which, and after ` -- ` why. */
export const disableReason: Rule = {
  create(context) {
    return {
      Program: () => {
        for (const { value, loc } of context.sourceCode.getAllComments())
          if (/^\s*(?:oxlint|eslint)-disable/.test(value) && !/-disable(?:-next-line|-line)? [\w/-]+(?:, [\w/-]+)* -- \S/.test(value))
            context.report({ loc, message: "Say which rule is turned off, and after ` -- ` why" });
      },
    };
  },
};
