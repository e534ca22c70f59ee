import type { Container } from "../../../kube/kinds.ts";
import { type Causes, duplicate, forbidden, invalid, notSupported, oneOf, required } from "./cause.ts";
import { handlerRules, mountRules, portRules, probeRules, resourceRules, sourceRules, variableRules } from "./container-parts.ts";
import { labelNamed } from "./names.ts";

/** Rules for the containers that run, or those that go before. `volumes`: names of the Pod's. */
export function* containerRules(
  { containers = [], initContainers = [] }: { readonly containers?: readonly Container[]; readonly initContainers?: readonly Container[] },
  { volumes, isHostNetwork }: { readonly volumes: ReadonlySet<string>; readonly isHostNetwork: boolean },
  field: string,
): Causes {
  if (containers.length === 0) yield required(`${field}.containers`);
  const names = new Set<string>();
  for (const [index, container] of containers.entries()) {
    const where = `${field}.containers[${index}]`;
    yield* oneContainer(container, volumes, where);
    if (names.has(container.name)) yield duplicate(`${where}.name`, container.name);
    names.add(container.name);
    yield* lifeRules(container, where);
  }
  yield* hostPortConflicts(containers, `${field}.containers`);
  for (const [index, container] of initContainers.entries()) {
    const where = `${field}.initContainers[${index}]`;
    yield* oneContainer(container, volumes, where);
    if (names.has(container.name)) yield duplicate(`${where}.name`, container.name);
    names.add(container.name);
    if (container.restartPolicy !== undefined) {
      if (container.restartPolicy !== "Always") yield notSupported(`${where}.restartPolicy`, container.restartPolicy, ["Always"]);
      yield* lifeRules(container, where);
    } else
      for (const name of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const)
        if (container[name] !== undefined)
          yield forbidden(`${where}.${name}`, "may not be set for init containers without restartPolicy=Always");
  }
  if (isHostNetwork)
    for (const [list, each] of [
      ["containers", containers],
      ["initContainers", initContainers],
    ] as const)
      for (const [index, { ports = [] }] of each.entries())
        for (const [at, { containerPort, hostPort = 0 }] of ports.entries())
          if (hostPort !== 0 && hostPort !== containerPort)
            yield invalid(
              `${field}.${list}[${index}].ports[${at}].hostPort`,
              hostPort,
              "must match `containerPort` when `hostNetwork` is true",
            );
}

function* oneContainer(container: Container, volumes: ReadonlySet<string>, field: string): Causes {
  yield* labelNamed(`${field}.name`, container.name);
  if (!container.image) yield required(`${field}.image`);
  yield* oneOf(`${field}.terminationMessagePolicy`, container.terminationMessagePolicy, ["File", "FallbackToLogsOnError"]);
  yield* portRules(container.ports ?? [], `${field}.ports`);
  yield* variableRules(container.env ?? [], `${field}.env`);
  yield* sourceRules(container.envFrom ?? [], `${field}.envFrom`);
  yield* mountRules(container.volumeMounts ?? [], volumes, `${field}.volumeMounts`);
  yield* oneOf(`${field}.imagePullPolicy`, container.imagePullPolicy, ["Always", "IfNotPresent", "Never"]);
  yield* resourceRules(container.resources ?? {}, `${field}.resources`);
  yield* securityRules(container, `${field}.securityContext`);
}

function* securityRules({ securityContext }: Container, field: string): Causes {
  if (securityContext === undefined) return;
  const { runAsUser, runAsGroup, privileged, allowPrivilegeEscalation } = securityContext;
  for (const [name, id] of Object.entries({ runAsUser, runAsGroup }))
    if (id !== undefined && (id < 0 || id > 2 ** 31 - 1))
      yield invalid(`${field}.${name}`, id, "must be between 0 and 2147483647, inclusive");
  if (privileged === true && allowPrivilegeEscalation === false)
    yield invalid(field, securityContext, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
}

function* lifeRules({ lifecycle, livenessProbe, readinessProbe, startupProbe }: Container, field: string): Causes {
  for (const name of ["postStart", "preStop"] as const) {
    const handler = lifecycle?.[name];
    if (handler !== undefined) yield* handlerRules(handler, `${field}.lifecycle.${name}`);
  }
  yield* probeRules(livenessProbe, `${field}.livenessProbe`, false);
  yield* probeRules(readinessProbe, `${field}.readinessProbe`, true);
  yield* probeRules(startupProbe, `${field}.startupProbe`, false);
}

function* hostPortConflicts(containers: readonly Container[], field: string): Causes {
  const seen = new Set<string>();
  for (const [index, { ports = [] }] of containers.entries())
    for (const [at, { hostPort = 0, hostIP = "", protocol = "TCP" }] of ports.entries()) {
      if (hostPort === 0) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (seen.has(key)) yield duplicate(`${field}[${index}].ports[${at}].hostPort`, key);
      seen.add(key);
    }
}
