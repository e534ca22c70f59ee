import type { RuleTester } from "oxlint/plugins-dev";

// oxlint's own names for these are in a package of its own
type Rule = Parameters<RuleTester["run"]>[1];

/** Every function that a module exports where it is declared has an `@example` in its doc comment. Types, classes and constants need none. */
export const examples: Rule = {
  create(context) {
    return {
      ExportNamedDeclaration: (node) => {
        const { declaration } = node;
        const names =
          declaration?.type === "FunctionDeclaration"
            ? [declaration.id?.name]
            : declaration?.type === "VariableDeclaration"
              ? declaration.declarations.flatMap(({ id, init }) => (isFunction(init?.type) && id.type === "Identifier" ? [id.name] : []))
              : [];
        const doc = context.sourceCode.getCommentsBefore(node).findLast(({ type, value }) => type === "Block" && value.startsWith("*"));
        if (doc?.value.includes("@example") === true) return;
        for (const name of names) context.report({ node, message: `The doc comment of ${name ?? "the function"} has no @example` });
      },
    };
  },
};

function isFunction(type: string | undefined): boolean {
  return type === "ArrowFunctionExpression" || type === "FunctionExpression";
}
