export function unsupportedFields(_spec: unknown): string[] { return []; }
