import type { RuleTester } from "oxlint/plugins-dev";

// oxlint's own names for these are in a package of its own
type Rule = Parameters<RuleTester["run"]>[1];

/** Options of the rule, as `.oxlintrc.json` gives them. */
interface Options {
  /**
   * Folders and files below `src`, from the lowest layer to the highest. `kinds/*` is each folder in `kinds`. A room within another one is
   * imported from there alone. What no layer names may import everything and be imported by nothing.
   */
  readonly layers: readonly (readonly string[])[];
  /** Rooms that may import these and nothing else, wherever they are. */
  readonly only: Readonly<Record<string, readonly string[]>>;
}

/** A folder or file of a layer. */
interface Room {
  readonly name: string;
  /** The outermost room that it is in; itself where it is in none. */
  readonly house: string;
  readonly layer: number;
}

/** Imports go downward only, and not to the side: from one room into rooms of lower layers. */
export const layers: Rule = {
  meta: {
    schema: [
      {
        type: "object",
        properties: {
          layers: { type: "array", items: { type: "array", items: { type: "string" } } },
          only: { type: "object", additionalProperties: { type: "array", items: { type: "string" } } },
        },
      },
    ],
  },
  create(context) {
    const options = context.options[0] as unknown as Options;
    const [, folder = "", file] = /^(?:.*\/)?src\/(.*\/)?([^/]+)$/.exec(context.filename.replaceAll("\\", "/")) ?? [];
    if (file === undefined) return {};
    const own = roomOf(`${folder}${file}`, options);
    const judge = (source: { readonly value: unknown } | null | undefined): string | undefined => {
      if (typeof source?.value !== "string" || !source.value.startsWith(".")) return undefined;
      const target = roomOf(new URL(source.value, `file:///${folder}`).pathname.slice(1), options);
      return own === undefined || isOpen(own, target, options)
        ? undefined
        : `Imports go downward only: ${own.name} may not import ${target?.name ?? "what no layer names"}`;
    };
    return {
      ImportDeclaration: (node) => {
        const message = judge(node.source);
        if (message !== undefined) context.report({ node, message });
      },
      ExportNamedDeclaration: (node) => {
        const message = judge(node.source);
        if (message !== undefined) context.report({ node, message });
      },
      ExportAllDeclaration: (node) => {
        const message = judge(node.source);
        if (message !== undefined) context.report({ node, message });
      },
      ImportExpression: (node) => {
        const message = node.source.type === "Literal" ? judge(node.source) : undefined;
        if (message !== undefined) context.report({ node, message });
      },
    };
  },
};

function isOpen(own: Room, target: Room | undefined, { only }: Options): boolean {
  if (target === undefined) return false;
  if (target.name === own.name) return true;
  if (target.house !== target.name && target.house !== own.house) return false;
  const allowed = only[own.name];
  return allowed === undefined ? target.layer < own.layer : allowed.includes(target.name);
}

/** The room that a file is in, by its path below `src`: the one with the longest name. */
function roomOf(path: string, { layers: all }: Options): Room | undefined {
  const rooms = all.flatMap((names, layer) => names.flatMap((name) => roomNamed(name, path) ?? []).map((name) => ({ name, layer })));
  const [room, ...around] = rooms.sort((one, other) => other.name.length - one.name.length);
  return room === undefined ? undefined : { ...room, house: around.at(-1)?.name ?? room.name };
}

function roomNamed(name: string, path: string): string | undefined {
  if (!name.endsWith("/*")) return path === name || path.startsWith(`${name}/`) ? name : undefined;
  const parent = name.slice(0, -1);
  const [room, ...rest] = path.startsWith(parent) ? path.slice(parent.length).split("/") : [];
  return room === undefined || rest.length === 0 ? undefined : `${parent}${room}`;
}
