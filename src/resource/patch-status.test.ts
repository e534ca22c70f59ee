import { describe, expect, test } from "@jest/globals";
import { CephClient } from "../kinds/ceph-client/ceph-client.ts";
import { createFakeKube } from "../simkube/api/fake-kube.ts";
import { patchStatus } from "./patch-status.ts";

const key = { namespace: "rook-ceph", name: "images" };
const client: CephClient = {
  apiVersion: "ceph.rook.io/v1",
  kind: "CephClient",
  metadata: key,
  spec: { caps: { mon: "allow r" } },
};

/** An object as a pass has seen it, and the API server; the cache of the pass has it too. */
async function begin() {
  const live = createFakeKube();
  const seen = await live.create(CephClient, client);
  const kube = { ...live, get: () => Promise.resolve(seen) } as typeof live;
  return { live, seen, deps: { kube, live } };
}

describe("the status of an object that a pass has seen", () => {
  test("is written", async () => {
    const { live, seen, deps } = await begin();
    expect(await patchStatus(deps, CephClient, seen, { phase: "Ready" })).toBe(true);
    expect((await live.get(CephClient, key))?.status).toEqual({ phase: "Ready" });
  });

  test("is not written over one that another operator has written since", async () => {
    const { live, seen, deps } = await begin();
    await live.mergePatch(CephClient, key, { status: { phase: "Progressing" } }, { subresource: "status" });
    await expect(patchStatus(deps, CephClient, seen, { phase: "Ready" })).rejects.toMatchObject({ code: "conflict" });
    expect((await live.get(CephClient, key))?.status).toEqual({ phase: "Progressing" });
  });

  test("keeps the fields that another has added and the cache knows", async () => {
    const { live, seen } = await begin();
    await live.mergePatch(CephClient, key, { status: { observedGeneration: 1 } }, { subresource: "status" });
    expect(await patchStatus({ kube: live, live }, CephClient, seen, { phase: "Ready" })).toBe(true);
    expect((await live.get(CephClient, key))?.status).toEqual({ observedGeneration: 1, phase: "Ready" });
  });

  test("is not written where the object is gone", async () => {
    const { live, seen, deps } = await begin();
    await live.delete(CephClient, key);
    expect(await patchStatus(deps, CephClient, seen, { phase: "Ready" })).toBe(false);
  });

  test("is not written to another object of its name", async () => {
    const { live, seen, deps } = await begin();
    await live.delete(CephClient, key);
    await live.create(CephClient, client);
    expect(await patchStatus(deps, CephClient, seen, { phase: "Ready" })).toBe(false);
    expect((await live.get(CephClient, key))?.status).toBeUndefined();
  });
});
