/** An exported function of a module, and the type that it says it returns; undefined where it says none, or none with a name. */
export interface ExportedFunction {
  readonly name: string;
  readonly returns: string | undefined;
}

/** The exported functions in the text of a module. */
export function exportedFunctions(text: string): ExportedFunction[] {
  return [...text.matchAll(/^export (?:async )?function (\w+)[\s\S]*?\)(?:: ([^(){}\n]+))? \{\n/gm)].map(([, name = "", returns]) => ({
    name,
    returns,
  }));
}
