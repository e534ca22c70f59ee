import type { Volume } from "../../../kube/kinds.ts";
import { type Causes, duplicate, forbidden, invalid, oneOf, required } from "./cause.ts";
import { descendingPath } from "./container-parts.ts";
import { isDataKey, labelNamed } from "./names.ts";

const hostPathTypes: readonly string[] = ["DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"];

/** Rules for a Pod's volumes; `right` hears the name of each that has nothing wrong. */
export function* volumeRules(volumes: readonly Volume[], field: string, right: (name: string) => void): Causes {
  const names = new Set<string>();
  for (const [index, volume] of volumes.entries()) {
    const where = `${field}[${index}]`;
    const causes = [...sourceRules(volume, where), ...labelNamed(`${where}.name`, volume.name)];
    if (names.has(volume.name)) causes.push(duplicate(`${where}.name`, volume.name));
    yield* causes;
    if (causes.length > 0) continue;
    names.add(volume.name);
    right(volume.name);
  }
}

function* sourceRules({ name: _name, ...sources }: Volume, field: string): Causes {
  const given = Object.entries(sources).filter(([, value]) => value !== undefined);
  // none is an empty folder
  for (const [name] of given.slice(1)) yield forbidden(`${field}.${name}`, "may not specify more than 1 volume type");
  const { hostPath, secret, configMap, persistentVolumeClaim, projected } = sources;
  switch (given[0]?.[0]) {
    case "hostPath":
      if (!hostPath?.path) yield required(`${field}.hostPath.path`);
      else if (hostPath.path.split("/").includes("..")) yield invalid(`${field}.hostPath.path`, hostPath.path, "must not contain '..'");
      yield* oneOf(`${field}.hostPath.type`, hostPath?.type, hostPathTypes);
      return;
    case "secret":
      if (!secret?.secretName) yield required(`${field}.secret.secretName`);
      yield* modeRules(secret?.defaultMode, `${field}.secret.defaultMode`);
      yield* itemRules(secret?.items ?? [], `${field}.secret.items`);
      return;
    case "configMap":
      if (!configMap?.name) yield required(`${field}.configMap.name`);
      yield* modeRules(configMap?.defaultMode, `${field}.configMap.defaultMode`);
      yield* itemRules(configMap?.items ?? [], `${field}.configMap.items`);
      return;
    case "persistentVolumeClaim":
      if (!persistentVolumeClaim?.claimName) yield required(`${field}.persistentVolumeClaim.claimName`);
      return;
    case "projected":
      yield* projectionRules(projected ?? {}, `${field}.projected`);
      return;
    // the others have no rules here
    case undefined:
    default:
  }
}

function* projectionRules({ defaultMode, sources = [] }: Partial<Volume["projected"] & {}>, field: string): Causes {
  yield* modeRules(defaultMode, `${field}.defaultMode`);
  const paths = new Set<string>();
  for (const [index, { secret, configMap }] of sources.entries()) {
    const where = `${field}.sources[${index}]`;
    for (const [kind, source] of Object.entries({ secret, configMap })) {
      if (source === undefined) continue;
      if (!source.name) yield required(`${where}.${kind}.name`);
      yield* itemRules(source.items ?? [], `${where}.${kind}.items`);
      for (const { path } of source.items ?? []) {
        if (paths.has(path)) yield invalid(where, path, "conflicting duplicate paths");
        paths.add(path);
      }
    }
  }
}

function* itemRules(items: readonly { readonly key: string; readonly path: string; readonly mode?: number }[], field: string): Causes {
  for (const [index, { key, path, mode }] of items.entries()) {
    const where = `${field}[${index}]`;
    if (!key) yield required(`${where}.key`);
    else if (!isDataKey(key))
      yield invalid(`${where}.key`, key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.'");
    if (!path) yield required(`${where}.path`);
    yield* descendingPath(path ?? "", `${where}.path`);
    yield* modeRules(mode, `${where}.mode`);
  }
}

function* modeRules(mode: number | undefined, field: string): Causes {
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    yield invalid(field, mode, "must be a number between 0 and 0777 (octal), both inclusive");
}
