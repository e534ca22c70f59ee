import type { RuleTester } from "oxlint/plugins-dev";

// oxlint's own names for these are in a package of its own
type Rule = Parameters<RuleTester["run"]>[1];
type Context = Parameters<Extract<Rule, { createOnce?: undefined } | { create: unknown }>["create"] & object>[0];
type Node = NonNullable<ReturnType<Context["sourceCode"]["getNodeByRangeIndex"]>>;
type NodeOf<Type extends Node["type"]> = Extract<Node, { type: Type }>;

/** What the rule is told in the configuration. */
interface Options {
  /** Functions whose results hold no state, by name: `defineKind`, or `z` for all that begins with it. */
  readonly makers: readonly string[];
}

/** Methods that change what they are called on. */
const mutators: ReadonlySet<string> = new Set(
  "push pop shift unshift splice sort reverse fill copyWithin set add delete clear append".split(" "),
);

/**
 * No module keeps state at its top: a restart of the operator in a test is another call in the same modules, so such state would live on.
 * Refused are `let` and `var`; `WeakMap` and `WeakSet`; collections, arrays, objects and instances that are not `as const`, frozen or of a
 * type that begins with `readonly` or `Readonly`; calls of functions that `makers` does not name; patterns that remember where they were;
 * static fields of classes that are not readonly; and every change of what a module's own or imported name leads to.
 */
export const moduleState: Rule = {
  meta: { schema: [{ type: "object", properties: { makers: { type: "array", items: { type: "string" } } } }] },
  create(context) {
    const { makers } = (context.options[0] ?? { makers: [] }) as unknown as Options;
    const say = (node: Node, message: string) =>
      context.report({ node, message: `${message}: it would outlive a restart of the operator` });
    return {
      Program: ({ body }) => {
        for (const statement of body) judgeStatement(statement, makers, say);
      },
      PropertyDefinition: (node) => {
        if (node.static && !node.readonly) say(node, "a static field of a class can be changed");
      },
      AssignmentExpression: ({ left }) => {
        if (leadsFromTop(context, left)) say(left, "something at the top of a module is changed");
      },
      UpdateExpression: ({ argument }) => {
        if (leadsFromTop(context, argument)) say(argument, "something at the top of a module is changed");
      },
      UnaryExpression: ({ operator, argument }) => {
        if (operator === "delete" && leadsFromTop(context, argument)) say(argument, "something at the top of a module is changed");
      },
      CallExpression: (node) => {
        const { callee } = node;
        const first = node.arguments[0];
        if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return;
        if (/^(test|exec)$/.test(callee.property.name) && isMovingPattern(context, callee.object))
          say(node, "a pattern at the top of a module remembers where it was");
        const isAssign = callee.object.type === "Identifier" && callee.object.name === "Object" && callee.property.name === "assign";
        const changed = isAssign ? first : mutators.has(callee.property.name) ? callee.object : undefined;
        if (changed !== undefined && rootOf(context, changed) === "own") say(node, "something at the top of a module is changed");
      },
    };
  },
};

/** A declaration, exported or not; other statements keep nothing. */
function judgeStatement(statement: Node, makers: readonly string[], say: (node: Node, message: string) => void): void {
  const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
  if (declaration?.type !== "VariableDeclaration" || declaration.declare === true) return;
  if (declaration.kind !== "const") say(statement, `a module has \`${declaration.kind}\` at its top`);
  for (const { id, init } of declaration.declarations) {
    const type = "typeAnnotation" in id ? id.typeAnnotation : undefined;
    const fault = init === null ? undefined : faultOf(init, isReadonly(type?.typeAnnotation) ? "said" : "unsaid", makers);
    if (fault !== undefined) say(init ?? id, fault);
  }
}

/** What can be changed in a value; `said` where its type says that it cannot. */
function faultOf(value: Node, isFixed: "said" | "unsaid", makers: readonly string[]): string | undefined {
  const first = (...values: readonly (Node | null)[]) =>
    values.map((each) => (each === null ? undefined : faultOf(each, isFixed, makers))).find((fault) => fault !== undefined);
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- of everything else nothing can be changed
  switch (value.type) {
    case "TSAsExpression": {
      const { typeAnnotation: type } = value;
      return faultOf(value.expression, isReadonly(type) || isConst(type) ? "said" : isFixed, makers);
    }
    case "TSSatisfiesExpression":
    case "ParenthesizedExpression":
    case "ChainExpression":
      return first(value.expression);
    case "AwaitExpression":
    case "SpreadElement":
      return first(value.argument);
    case "ConditionalExpression":
      return first(value.consequent, value.alternate);
    case "LogicalExpression":
      return first(value.left, value.right);
    case "ArrayExpression":
      return isFixed === "unsaid" ? "an array at the top of a module is not readonly" : first(...value.elements);
    case "ObjectExpression":
      if (isFixed === "unsaid") return "an object at the top of a module is not readonly";
      return first(...value.properties.map((property) => (property.type === "Property" ? property.value : property)));
    case "NewExpression":
      return faultOfNew(value, isFixed);
    case "CallExpression":
      return faultOfCall(value, isFixed, makers);
    default:
      return undefined;
  }
}

function faultOfNew({ callee, arguments: given }: NodeOf<"NewExpression">, isFixed: "said" | "unsaid"): string | undefined {
  const name = callee.type === "Identifier" ? callee.name : "something";
  if (name.startsWith("Weak") || isFixed === "unsaid") return `a ${name} at the top of a module is not readonly`;
  return given.length === 0 ? `an empty ${name} at the top of a module is there to be filled` : undefined;
}

/** Calls of methods make a value out of another one, as `map` does; who calls a function may get anything. */
function faultOfCall(call: NodeOf<"CallExpression">, isFixed: "said" | "unsaid", makers: readonly string[]): string | undefined {
  let root: Node = call.callee;
  while (root.type === "MemberExpression" || root.type === "CallExpression")
    root = root.type === "MemberExpression" ? root.object : root.callee;
  const name = root.type === "Identifier" ? root.name : "";
  if (makers.includes(name)) return undefined;
  const isFrozen =
    name === "Object" &&
    call.callee.type === "MemberExpression" &&
    call.callee.property.type === "Identifier" &&
    call.callee.property.name === "freeze";
  if (isFrozen) return call.arguments[0] === undefined ? undefined : faultOf(call.arguments[0], "said", makers);
  const isUnnamed = name === "" && call.callee.type !== "MemberExpression" && call.callee.type !== "Super";
  if (/^create[A-Z]/.test(name) || isUnnamed) return "what a function makes at the top of a module may hold state";
  return isFixed === "unsaid" ? "what a function makes at the top of a module is not of a readonly type" : undefined;
}

function isConst(type: Node): boolean {
  return type.type === "TSTypeReference" && type.typeName.type === "Identifier" && type.typeName.name === "const";
}

/** Whether a type says at its beginning that what has it is not changed; primitives and functions cannot be. */
function isReadonly(type: Node | undefined): boolean {
  if (type?.type === "TSTypeOperator") return type.operator === "readonly";
  return type?.type === "TSTypeReference" && type.typeName.type === "Identifier" && type.typeName.name.startsWith("Readonly");
}

function leadsFromTop(context: Context, target: Node): boolean {
  return rootOf(context, target) !== undefined && (target.type === "MemberExpression" || target.type === "Identifier");
}

/** Whose the name is that a chain of fields begins with: a module's own or one that it imports; undefined where it is neither. */
function rootOf(context: Context, target: Node): "own" | "imported" | undefined {
  let root = target;
  while (root.type === "MemberExpression" || root.type === "TSNonNullExpression" || root.type === "TSAsExpression")
    root = root.type === "MemberExpression" ? root.object : root.expression;
  if (root.type !== "Identifier") return undefined;
  if (root.name === "globalThis") return "own";
  const variable = atTop(context, root);
  if (variable === undefined) return undefined;
  return variable.defs.some(({ type }) => type === "ImportBinding") ? "imported" : "own";
}

/** The variable of that name, where it is one of the module's top. */
function atTop(context: Context, name: NodeOf<"Identifier">) {
  let scope: ReturnType<typeof context.sourceCode.getScope> | null = context.sourceCode.getScope(name);
  for (; scope !== null; scope = scope.upper) {
    const variable = scope.set.get(name.name);
    if (variable !== undefined) return scope.type === "module" ? variable : undefined;
  }
  return undefined;
}

/** Whether it is the name of a pattern that goes on from where it last was. */
function isMovingPattern(context: Context, value: Node): boolean {
  if (value.type !== "Identifier") return false;
  const declared = atTop(context, value)?.defs[0]?.node;
  const pattern = declared?.type === "VariableDeclarator" ? declared.init : undefined;
  return pattern?.type === "Literal" && "regex" in pattern && /[gy]/.test(pattern.regex.flags);
}
