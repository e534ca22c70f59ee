import { describe, expect, test } from "@jest/globals";
import { createTestWorld } from "../../test/support/test-world.ts";
import { applyWhenDifferent } from "./apply-when-different.ts";
import { Secret, Service } from "./kinds.ts";

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
    await kube.mergePatch(Service, metadata, { spec: { ports: [{ port: 2, protocol: "TCP" }], selector: { more: "of it" } } });
    await kube.mergePatch(Secret, metadata, { metadata: { labels: { whose: "a user's" } }, data: { two: btoa("2") } });

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
    expect([kept.data, kept.metadata.labels]).toEqual([{ one: btoa("1") }, { whose: "a user's" }]);
  });
});
