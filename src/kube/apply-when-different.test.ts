import { describe, expect, test } from "@jest/globals";
import { createTestWorld } from "../../test/support/test-world.ts";
import { applyWhenDifferent } from "./apply-when-different.ts";
import { Deployment, PodDisruptionBudget, Secret, Service } from "./kinds.ts";

const metadata = { namespace: "rook-ceph", name: "it" };
const service: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata,
  spec: { selector: { app: "it" }, ports: [{ name: "one", port: 1, protocol: "TCP" }] },
};
const secret: Secret = { apiVersion: "v1", kind: "Secret", metadata, data: { one: btoa("1") } };
const options = { fieldManager: "jackdaw" };

describe("what is applied when something differs", () => {
  test("is nothing where nothing does", async () => {
    const { kube } = await createTestWorld({ devices: {} });
    await applyWhenDifferent(kube, Service, service, options);

    expect((await applyWhenDifferent(kube, Service, service, options)).changed).toBe(false);
  });

  test("takes away what somebody has added to a list or a map that is said as a whole, and leaves what is the server's", async () => {
    const { kube } = await createTestWorld({ devices: {} });
    const made = (await applyWhenDifferent(kube, Service, service, options)).object;
    await applyWhenDifferent(kube, Secret, secret, options);
    await kube.mergePatch(Service, metadata, { spec: { ports: [{ port: 2, protocol: "TCP" }], selector: { more: "of-it" } } });
    await kube.mergePatch(Secret, metadata, { metadata: { labels: { whose: "a-user" } }, data: { two: btoa("2") } });

    const results = [
      await applyWhenDifferent(kube, Service, service, options),
      await applyWhenDifferent(kube, Secret, secret, options),
      await applyWhenDifferent(kube, Service, service, options),
      await applyWhenDifferent(kube, Secret, secret, options),
    ];

    expect(results.map(({ changed }) => changed)).toEqual([true, true, false, false]);
    const [, , { object: now }, { object: kept }] = results as [unknown, unknown, { object: Service }, { object: Secret }];
    expect(now.spec?.ports?.map(({ port }) => port)).toEqual([1]);
    expect(now.spec?.selector).toEqual({ app: "it" });
    expect(now.spec?.clusterIP).toBe(made.spec?.clusterIP);
    expect([kept.data, kept.metadata.labels]).toEqual([{ one: btoa("1") }, { whose: "a-user" }]);
  });

  test("takes away what an apply would leave beside it, and the API server then refuses", async () => {
    const { kube } = await createTestWorld({ devices: {} });
    const deployment: Deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: { app: "it" } },
        strategy: { type: "Recreate" },
        template: {
          metadata: { labels: { app: "it" } },
          spec: { volumes: [{ name: "data", emptyDir: {} }], containers: [{ name: "it", image: "it", env: [{ name: "A", value: "1" }] }] },
        },
      },
    };
    const budget: PodDisruptionBudget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec: { maxUnavailable: 1 } };
    await applyWhenDifferent(kube, Service, service, options);
    await applyWhenDifferent(kube, Deployment, deployment, options);
    await applyWhenDifferent(kube, PodDisruptionBudget, budget, options);
    await kube.mergePatch(Service, metadata, { spec: { ports: [{ name: "one", port: 2 }] } });
    await kube.mergePatch(PodDisruptionBudget, metadata, { spec: { maxUnavailable: null, minAvailable: 1 } });
    await kube.mergePatch(Deployment, metadata, {
      spec: {
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } },
        template: {
          spec: {
            volumes: [{ name: "data", hostPath: { path: "/data" } }],
            containers: [{ name: "it", image: "it", env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }],
          },
        },
      },
    });

    const { object: ours } = await applyWhenDifferent(kube, Deployment, deployment, options);

    expect((await applyWhenDifferent(kube, Service, service, options)).object.spec?.ports).toMatchObject([{ name: "one", port: 1 }]);
    expect((await applyWhenDifferent(kube, PodDisruptionBudget, budget, options)).object.spec).toEqual({ maxUnavailable: 1 });
    expect(ours.spec?.strategy).toEqual({ type: "Recreate" });
    expect(ours.spec?.template.spec?.volumes).toEqual(deployment.spec?.template.spec?.volumes);
    expect(ours.spec?.template.spec?.containers).toEqual(deployment.spec?.template.spec?.containers);
    expect((await applyWhenDifferent(kube, Deployment, deployment, options)).changed).toBe(false);
  });

  test("is refused in the words about what is desired where that cannot be", async () => {
    const { kube } = await createTestWorld({ devices: {} });
    await applyWhenDifferent(kube, Service, service, options);
    const wrong: Service = { ...service, spec: { ...service.spec, ports: [{ name: "One", port: 1 }] } };

    await expect(applyWhenDifferent(kube, Service, wrong, options)).rejects.toThrow(/ports\[0\]\.name/);
  });
});
