import { ConfigMap, type Container, type Pod, Secret, type Volume } from "../../kube/kinds.ts";
import type { TypedStore } from "./sim-kinds.ts";

/** Why a Pod's volumes cannot be mounted, in the kubelet's words: a Secret or ConfigMap, or a key of one, is not there. */
export function missingMount(store: TypedStore, pod: Pod): string | undefined {
  const namespace = pod.metadata.namespace ?? "";
  for (const volume of pod.spec?.volumes ?? []) {
    for (const wanted of wantedBy(volume)) {
      const why = missing(store, namespace, wanted);
      if (why !== undefined) return `MountVolume.SetUp failed for volume "${volume.name}" : ${why}`;
    }
  }
  return undefined;
}

/** Why a Pod's containers cannot be made: what a variable is to be read from is not there. */
export function missingVariable(store: TypedStore, pod: Pod): string | undefined {
  const namespace = pod.metadata.namespace ?? "";
  const containers: readonly Container[] = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  for (const { valueFrom } of containers.flatMap(({ env = [] }) => env)) {
    const { secretKeyRef: secret, configMapKeyRef: map } = valueFrom ?? {};
    const keys = (ref: { key: string }) => [ref.key];
    const why =
      (secret && missing(store, namespace, { kind: Secret, name: secret.name ?? "", keys: keys(secret), optional: secret.optional })) ??
      (map && missing(store, namespace, { kind: ConfigMap, name: map.name ?? "", keys: keys(map), optional: map.optional }));
    if (why !== undefined) return why;
  }
  return undefined;
}

interface Wanted {
  readonly kind: typeof Secret | typeof ConfigMap;
  readonly name: string;
  readonly keys: readonly string[];
  readonly optional: boolean | undefined;
}

function wantedBy({ secret, configMap, projected }: Volume): Wanted[] {
  const keysOf = (items: readonly { key: string }[] | undefined) => (items ?? []).map(({ key }) => key);
  const one = (kind: Wanted["kind"], name: string, source: { items?: { key: string }[]; optional?: boolean }): Wanted => ({
    kind,
    name,
    keys: keysOf(source.items),
    optional: source.optional,
  });
  return [
    ...(secret ? [one(Secret, secret.secretName ?? "", secret)] : []),
    ...(configMap ? [one(ConfigMap, configMap.name ?? "", configMap)] : []),
    ...(projected?.sources ?? []).flatMap((source) => [
      ...(source.secret ? [one(Secret, source.secret.name ?? "", source.secret)] : []),
      ...(source.configMap ? [one(ConfigMap, source.configMap.name ?? "", source.configMap)] : []),
    ]),
  ];
}

function missing(store: TypedStore, namespace: string, { kind, name, keys, optional }: Wanted): string | undefined {
  if (optional === true) return undefined;
  const what = kind === Secret ? "secret" : "configmap";
  const found: { readonly data?: Readonly<Record<string, string>> } | undefined =
    kind === Secret ? store.get(Secret, { namespace, name }) : store.get(ConfigMap, { namespace, name });
  if (found === undefined) return `${what} "${name}" not found`;
  const key = keys.find((wanted) => found.data?.[wanted] === undefined);
  return key === undefined ? undefined : `references non-existent ${what} key: ${key}`;
}
