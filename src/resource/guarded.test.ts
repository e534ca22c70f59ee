import { describe, expect, test } from "@jest/globals";
import { CephClient } from "../kinds/ceph-client/ceph-client.ts";
import { ConfigMap } from "../kube/kinds.ts";
import { createFakeKube } from "../simkube/api/fake-kube.ts";
import { createVirtualClock } from "../simkube/virtual-clock.ts";
import { guarded, ObjectGoneError } from "./guarded.ts";

const key = { namespace: "default", name: "images" };
const client = (finalizers: string[] = []): CephClient => ({
  apiVersion: "ceph.rook.io/v1",
  kind: "CephClient",
  metadata: { ...key, finalizers },
  spec: { caps: { mon: "allow r" } },
});

/** A pass over an object that is there, and what it may still do. */
async function begin(finalizers?: string[]) {
  const clock = createVirtualClock();
  const kube = createFakeKube();
  const object = await kube.create(CephClient, client(finalizers));
  const guard = guarded(CephClient, object, { kube, live: kube, clock });
  let made = 0;
  const change = () =>
    guard.kube.create(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata: { ...key, name: `made-${++made}` }, data: {} });
  return { clock, kube, guard, change };
}

describe("a pass changes something", () => {
  test("for an object that is as it was", async () => {
    const { change } = await begin();
    await expect(change()).resolves.toMatchObject({ metadata: { name: "made-1" } });
  });

  test("but not for one that is gone", async () => {
    const { kube, change } = await begin();
    await kube.delete(CephClient, key);
    await expect(change()).rejects.toThrow(ObjectGoneError);
  });

  test("nor for another one of its name", async () => {
    const { kube, change } = await begin();
    await kube.delete(CephClient, key);
    await kube.create(CephClient, client());
    await expect(change()).rejects.toThrow(ObjectGoneError);
  });

  test("nor does it delete what belongs to that one, found by its name", async () => {
    const { kube, guard } = await begin();
    await kube.delete(CephClient, key);
    await kube.create(CephClient, client());
    const theirs = await kube.create(ConfigMap, { apiVersion: "v1", kind: "ConfigMap", metadata: key, data: {} });

    await expect(guard.kube.delete(ConfigMap, key, { uid: theirs.metadata.uid ?? "" })).rejects.toThrow(ObjectGoneError);

    expect(await kube.get(ConfigMap, key)).toEqual(theirs);
  });

  test("nor for one that a user has deleted meanwhile and a finalizer keeps", async () => {
    const { kube, change } = await begin(["example.com/held"]);
    await kube.delete(CephClient, key);
    await expect(change()).rejects.toThrow(ObjectGoneError);
  });

  test("nor after it has stood still for longer than its look counts for", async () => {
    const { clock, kube, change } = await begin();
    await change();
    await kube.delete(CephClient, key);
    await clock.advance(2_001);
    await expect(change()).rejects.toThrow(ObjectGoneError);
  });
});
