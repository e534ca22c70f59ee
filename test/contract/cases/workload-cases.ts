import { apply, type ContractCase, create, invalid, patch, refused, taken, unreadable, untyped } from "../contract-case.ts";
import { container, daemonSet, deployment, main, podSpec, replicaSet, statefulSet } from "../sent-objects.ts";

const inPods = "spec.template.spec";
const first = `${inPods}.containers[0]`;
const folder = (name: string) => ({ name, emptyDir: {} });
const toleration = (one: object) => podSpec({ tolerations: [one] });
const probe = (livenessProbe: object) => container({ livenessProbe });
const exec = { exec: { command: ["true"] } };

/** Deployments, and all that their Pods may have. */
export const workloadCases: readonly ContractCase[] = [
  ...[replicaSet, daemonSet, statefulSet].flatMap((sort, index) => {
    const name = ["ReplicaSet", "DaemonSet", "StatefulSet"][index] ?? "";
    return [
      refused(`a ${name} with an empty selector`, create(sort({ spec: { selector: {} } })), invalid("spec.selector")),
      refused(
        `a ${name} with a bad image and a bad name`,
        create(sort({ spec: { template: { spec: { containers: [{ name: "A" }] } } } })),
        invalid(`${first}.image`, `${first}.name`),
      ),
    ];
  }),
  taken("a Deployment", create(deployment())),
  refused("no selector", create(deployment({ spec: { selector: undefined } })), invalid("spec.selector", "spec.template.metadata.labels")),
  refused("an empty selector", create(deployment({ spec: { selector: {} } })), invalid("spec.selector")),
  refused(
    "another selector",
    patch(deployment(), { spec: { selector: { matchLabels: { app: "other" } }, template: { metadata: { labels: { app: "other" } } } } }),
    invalid("spec.selector"),
  ),
  refused(
    "a selector that does not select",
    create(deployment({ spec: { selector: { matchLabels: { app: "other" } } } })),
    invalid("spec.template.metadata.labels"),
  ),
  refused("no containers", create(podSpec({ containers: [] })), invalid(`${inPods}.containers`)),
  refused("a container without an image", create(podSpec({ containers: [{ name: "main" }] })), invalid(`${first}.image`)),
  refused("a container without a name", create(podSpec({ containers: [{ image: "none:none" }] })), invalid(`${first}.name`)),
  refused("a container with a bad name", create(container({ name: "Main_1" })), invalid(`${first}.name`)),
  refused("two containers of one name", create(podSpec({ containers: [main, main] })), invalid(`${inPods}.containers[1].name`)),
  refused(
    "a container named as one before it",
    create(podSpec({ initContainers: [main], containers: [main] })),
    invalid(`${inPods}.initContainers[0].name`),
  ),
  taken("a variable twice", create(container({ env: [{ name: "A" }, { name: "A", value: "2" }] }))),
  refused("a variable twice, by an apply", apply(container({ env: [{ name: "A" }, { name: "A", value: "2" }] })), untyped),
  refused("a variable without a name", create(container({ env: [{ value: "1" }] })), invalid(`${first}.env[0].name`)),
  refused("a variable with an equals sign", create(container({ env: [{ name: "A=B" }] })), invalid(`${first}.env[0].name`)),
  refused("a variable that is a number", create(container({ env: [{ name: "A", value: 7 }] })), unreadable),
  refused("a variable that is a number, by an apply", apply(container({ env: [{ name: "A", value: 7 }] })), untyped),
  refused(
    "a variable with a value and a source",
    create(container({ env: [{ name: "A", value: "1", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] })),
    invalid(`${first}.env[0].valueFrom`),
  ),
  refused("a variable of no source", create(container({ env: [{ name: "A", valueFrom: {} }] })), invalid(`${first}.env[0].valueFrom`)),
  refused(
    "a variable of a Secret without a key",
    create(container({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s" } } }] })),
    invalid(`${first}.env[0].valueFrom.secretKeyRef.key`),
  ),
  refused(
    "a variable of a Secret without a name",
    create(container({ env: [{ name: "A", valueFrom: { secretKeyRef: { key: "k" } } }] })),
    invalid(`${first}.env[0].valueFrom.secretKeyRef.name`),
  ),
  refused(
    "a variable of a field that no Pod has",
    create(container({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "moon" } } }] })),
    invalid(`${first}.env[0].valueFrom.fieldRef.fieldPath`),
  ),
  refused(
    "a variable of a field that cannot be one",
    create(container({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "status.phase" } } }] })),
    invalid(`${first}.env[0].valueFrom.fieldRef.fieldPath`),
  ),
  refused("a volume twice", create(podSpec({ volumes: [folder("a"), folder("a")] })), invalid(`${inPods}.volumes[1].name`)),
  refused("a volume in upper case", create(podSpec({ volumes: [folder("Data")] })), invalid(`${inPods}.volumes[0].name`)),
  refused("a volume's name of 64 characters", create(podSpec({ volumes: [folder("x".repeat(64))] })), invalid(`${inPods}.volumes[0].name`)),
  refused(
    "a volume of two sources",
    create(podSpec({ volumes: [{ ...folder("a"), hostPath: { path: "/x" } }] })),
    invalid(`${inPods}.volumes[0].hostPath`),
  ),
  taken("a volume of no source, which is an empty folder", create(podSpec({ volumes: [{ name: "a" }] }))),
  refused(
    "a volume of a Secret without a name",
    create(podSpec({ volumes: [{ name: "a", secret: {} }] })),
    invalid(`${inPods}.volumes[0].secret.secretName`),
  ),
  refused(
    "an unknown type of a folder",
    create(podSpec({ volumes: [{ name: "a", hostPath: { path: "/x", type: "Drawer" } }] })),
    invalid(`${inPods}.volumes[0].hostPath.type`),
  ),
  refused(
    "a folder with a step back",
    create(podSpec({ volumes: [{ name: "a", hostPath: { path: "/x/../y" } }] })),
    invalid(`${inPods}.volumes[0].hostPath.path`),
  ),
  refused(
    "a file's mode of 0o1000",
    create(podSpec({ volumes: [{ name: "a", secret: { secretName: "s", defaultMode: 0o1000 } }] })),
    invalid(`${inPods}.volumes[0].secret.defaultMode`),
  ),
  refused(
    "a file outside its volume",
    create(podSpec({ volumes: [{ name: "a", configMap: { name: "c", items: [{ key: "k", path: "../x" }] } }] })),
    invalid(`${inPods}.volumes[0].configMap.items[0].path`),
  ),
  refused(
    "a mount of no volume",
    create(container({ volumeMounts: [{ name: "a", mountPath: "/a" }] })),
    invalid(`${first}.volumeMounts[0].name`),
  ),
  refused(
    "two mounts of one path",
    create(
      container(
        {
          volumeMounts: [
            { name: "a", mountPath: "/a" },
            { name: "a", mountPath: "/a" },
          ],
        },
        { volumes: [folder("a")] },
      ),
    ),
    invalid(`${first}.volumeMounts[1].mountPath`),
  ),
  refused(
    "a mount without a path",
    create(container({ volumeMounts: [{ name: "a" }] }, { volumes: [folder("a")] })),
    invalid(`${first}.volumeMounts[0].mountPath`),
  ),
  taken(
    "two mounts of one volume",
    create(
      container(
        {
          volumeMounts: [
            { name: "a", mountPath: "/a" },
            { name: "a", mountPath: "/b", subPath: "b" },
          ],
        },
        { volumes: [folder("a")] },
      ),
    ),
  ),
  refused(
    "limits below requests",
    create(container({ resources: { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } } })),
    invalid(`${first}.resources.requests`),
  ),
  refused("a quantity of 2Gib", create(container({ resources: { requests: { memory: "2Gib" } } })), unreadable),
  refused("a quantity of 2Gib, by an apply", apply(container({ resources: { requests: { memory: "2Gib" } } })), untyped),
  refused(
    "a quantity of 2Gib, by a patch",
    patch(deployment(), { spec: { template: { spec: { containers: [{ ...main, resources: { requests: { memory: "2Gib" } } }] } } } }),
    invalid("patch"),
  ),
  refused(
    "a negative quantity",
    create(container({ resources: { requests: { memory: "-1" } } })),
    invalid(`${first}.resources.requests[memory]`),
  ),
  refused(
    "a resource that no node has",
    create(container({ resources: { requests: { moon: "1" } } })),
    invalid(`${first}.resources.requests[moon]`),
  ),
  taken("a quantity as a number", create(container({ resources: { requests: { cpu: 1 } } }))),
  refused(
    "a port's name of 20 characters",
    create(container({ ports: [{ name: "x".repeat(20), containerPort: 80 }] })),
    invalid(`${first}.ports[0].name`),
  ),
  refused(
    "port 70000 of a container",
    create(container({ ports: [{ containerPort: 70_000 }] })),
    invalid(`${first}.ports[0].containerPort`),
  ),
  refused("a port without a number", create(container({ ports: [{ name: "a" }] })), invalid(`${first}.ports[0].containerPort`)),
  refused(
    "one name for two ports of a container",
    create(
      container({
        ports: [
          { name: "a", containerPort: 80 },
          { name: "a", containerPort: 81 },
        ],
      }),
    ),
    invalid(`${first}.ports[1].name`),
  ),
  refused(
    "another host port on the host's network",
    create(container({ ports: [{ containerPort: 80, hostPort: 81 }] }, { hostNetwork: true })),
    invalid(`${first}.ports[0].hostPort`),
  ),
  taken("Recreate", create(deployment({ spec: { strategy: { type: "Recreate" } } }))),
  refused(
    "Recreate with a rolling update",
    create(deployment({ spec: { strategy: { type: "Recreate", rollingUpdate: {} } } })),
    invalid("spec.strategy.rollingUpdate"),
  ),
  refused(
    "Recreate over a rolling update, by an apply",
    apply(
      deployment({ spec: { strategy: { type: "Recreate" } } }),
      deployment({ spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } } } }),
    ),
    invalid("spec.strategy.rollingUpdate"),
  ),
  refused("an unknown strategy", create(deployment({ spec: { strategy: { type: "Slowly" } } })), invalid("spec.strategy")),
  refused("replicas as a text", create(deployment({ spec: { replicas: "1" } })), unreadable),
  refused("replicas as a text, by an apply", apply(deployment({ spec: { replicas: "1" } })), untyped),
  refused("replicas as a text, by a patch", patch(deployment(), { spec: { replicas: "1" } }), invalid("patch")),
  refused("-1 replicas", create(deployment({ spec: { replicas: -1 } })), invalid("spec.replicas")),
  refused("half a replica", create(deployment({ spec: { replicas: 0.5 } })), unreadable),
  taken("a field that Deployments do not know", create(deployment({ spec: { moon: 1 } }))),
  refused("a field that Deployments do not know, by an apply", apply(deployment({ spec: { moon: 1 } })), untyped),
  refused("Pods that end, of a Deployment", create(podSpec({ restartPolicy: "Never" })), invalid(`${inPods}.restartPolicy`)),
  refused("an unknown DNS policy", create(podSpec({ dnsPolicy: "Guess" })), invalid(`${inPods}.dnsPolicy`)),
  refused("a service account's name in upper case", create(podSpec({ serviceAccountName: "Me" })), invalid(`${inPods}.serviceAccountName`)),
  refused("a node's label with a blank", create(podSpec({ nodeSelector: { a: "b c" } })), invalid(`${inPods}.nodeSelector`)),
  taken("a toleration of everything", create(toleration({ operator: "Exists" }))),
  refused(
    "a toleration of a key with Exists and a value",
    create(toleration({ key: "a", operator: "Exists", value: "b" })),
    invalid(`${inPods}.tolerations[0].operator`),
  ),
  refused("a toleration of no key", create(toleration({ value: "b" })), invalid(`${inPods}.tolerations[0].operator`)),
  refused(
    "an unknown operator of a toleration",
    create(toleration({ key: "a", operator: "Like" })),
    invalid(`${inPods}.tolerations[0].operator`),
  ),
  refused(
    "an unknown effect of a toleration",
    create(toleration({ key: "a", effect: "NoFun" })),
    invalid(`${inPods}.tolerations[0].effect`),
  ),
  refused(
    "seconds of a toleration that does not end",
    create(toleration({ key: "a", effect: "NoSchedule", tolerationSeconds: 5 })),
    invalid(`${inPods}.tolerations[0].effect`),
  ),
  refused("a probe of two sorts", create(probe({ ...exec, tcpSocket: { port: 80 } })), invalid(`${first}.livenessProbe.tcpSocket`)),
  refused("a probe of no sort", create(probe({ periodSeconds: 5 })), invalid(`${first}.livenessProbe`)),
  refused("a negative period", create(probe({ ...exec, periodSeconds: -1 })), invalid(`${first}.livenessProbe.periodSeconds`)),
  refused(
    "a liveness probe that has to succeed twice",
    create(probe({ ...exec, successThreshold: 2 })),
    invalid(`${first}.livenessProbe.successThreshold`),
  ),
  refused("an unknown pull policy", create(container({ imagePullPolicy: "Often" })), invalid(`${first}.imagePullPolicy`)),
  refused("a user below 0", create(container({ securityContext: { runAsUser: -1 } })), invalid(`${first}.securityContext.runAsUser`)),
  refused(
    "affinity to no topology",
    create(podSpec({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] } } })),
    invalid(`${inPods}.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey`),
  ),
  refused(
    "a weight of 0",
    create(
      podSpec({
        affinity: {
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 0, podAffinityTerm: { topologyKey: "a" } }] },
        },
      }),
    ),
    invalid(`${inPods}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight`),
  ),
  refused(
    "nodes by an operator that is unknown",
    create(
      podSpec({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Is" }] }] },
          },
        },
      }),
    ),
    invalid(
      `${inPods}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator`,
    ),
  ),
  refused(
    "nodes of no terms",
    create(podSpec({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } })),
    invalid(`${inPods}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`),
  ),
  refused(
    "a spread over no topology",
    create(podSpec({ topologySpreadConstraints: [{ maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }] })),
    invalid(`${inPods}.topologySpreadConstraints[0].topologyKey`),
  ),
  refused(
    "a spread of no skew",
    create(podSpec({ topologySpreadConstraints: [{ topologyKey: "a", whenUnsatisfiable: "DoNotSchedule" }] })),
    invalid(`${inPods}.topologySpreadConstraints[0].maxSkew`),
  ),
  refused(
    "a label of Pods with a blank",
    create(deployment({ spec: { template: { metadata: { labels: { a: "b c" } } } } })),
    invalid("spec.template.labels", "spec.template.metadata.labels"),
  ),
];
