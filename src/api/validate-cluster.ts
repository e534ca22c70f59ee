export function validateCluster(_spec: unknown): { field: string; value: string; message: string }[] { return []; }
