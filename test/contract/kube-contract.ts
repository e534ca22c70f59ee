import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ConfigMap, Deployment, Job, Lease, Secret, Service } from "../../src/kube/kinds.ts";
import type { Kube } from "../../src/kube/kube.ts";
import { isKubeError, type KubeErrorCode } from "../../src/kube/kube-error.ts";
import { casesContract } from "./cases-contract.ts";

/** A `Kube` to hold to its contract, in a namespace of its own. */
export interface ContractSubject {
  readonly kube: Kube;
  readonly namespace: string;
  /** Makes garbage collection happen, where nobody else does it. */
  readonly collectGarbage?: () => void;
  close(): Promise<void>;
}

const manager = { fieldManager: "contract" };

/** What every `Kube` does: run against the fake and against a real API server, word for word. */
export function kubeContract(name: string, open: () => Promise<ContractSubject>): void {
  describe(`Kube, as ${name}`, () => {
    let subject: ContractSubject;
    let kube: Kube;
    let namespace: string;
    let count = 0;

    beforeAll(async () => {
      subject = await open();
      ({ kube, namespace } = subject);
    });
    afterAll(() => subject.close());

    const key = (prefix: string) => ({ namespace, name: `${prefix}-${++count}` });
    const configMap = (
      metadata: { name: string },
      data: Record<string, string> = { a: "1" },
      labels: Record<string, string> = {},
    ): ConfigMap => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace, labels, ...metadata },
      data,
    });
    const deployment = (metadata: { name: string }, env: { name: string; value: string }[] = []): Deployment => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { namespace, ...metadata },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: metadata.name } },
        template: { metadata: { labels: { app: metadata.name } }, spec: { containers: [{ name: "main", image: "none:none", env }] } },
      },
    });
    const failure = async (work: Promise<unknown>): Promise<KubeErrorCode | "no error"> => {
      try {
        await work;
        return "no error";
      } catch (error) {
        if (isKubeError(error)) return error.code;
        throw error;
      }
    };

    test("what is not there is undefined", async () => {
      expect(await kube.get(ConfigMap, key("absent"))).toBeUndefined();
    });

    test("create gives uid, version and time; generation counts where there is a spec", async () => {
      const made = await kube.create(Deployment, deployment(key("made")));

      expect(made.metadata).toMatchObject({
        uid: expect.stringMatching(/.{36}/),
        resourceVersion: expect.stringMatching(/^\d+$/),
        creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        generation: 1,
      });
      expect((await kube.create(ConfigMap, configMap(key("made")))).metadata.generation).toBeUndefined();
    });

    test("creating what exists is alreadyExists", async () => {
      const where = key("twice");
      await kube.create(ConfigMap, configMap(where));
      expect(await failure(kube.create(ConfigMap, configMap(where)))).toBe("alreadyExists");
    });

    test("generateName gives each its own name", async () => {
      const make = () => kube.create(ConfigMap, { ...configMap({ name: "" }), metadata: { namespace, generateName: "many-" } });
      const [one, two] = [await make(), await make()];
      expect(one.metadata.name).toMatch(/^many-.+/);
      expect(one.metadata.name).not.toBe(two.metadata.name);
    });

    test("a version on create is refused", async () => {
      const where = key("versioned");
      expect(await failure(kube.create(ConfigMap, { ...configMap(where), metadata: { ...where, resourceVersion: "1" } }))).toBe(
        "serverError",
      );
    });

    test("list selects by label and by owner, and says what kind each is", async () => {
      const owner = await kube.create(ConfigMap, configMap(key("owner")));
      const where = key("listed");
      await kube.create(ConfigMap, {
        ...configMap(where, {}, { select: where.name }),
        metadata: {
          ...where,
          labels: { select: where.name },
          ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: owner.metadata.name ?? "", uid: owner.metadata.uid ?? "" }],
        },
      });

      const byLabel = await kube.list(ConfigMap, { namespace, labels: { select: where.name } });
      expect(byLabel.map((o) => [o.kind, o.apiVersion, o.metadata.name])).toEqual([["ConfigMap", "v1", where.name]]);
      expect((await kube.list(ConfigMap, { namespace, ownerUid: owner.metadata.uid ?? "" })).map((o) => o.metadata.name)).toEqual([
        where.name,
      ]);
      expect(await kube.list(ConfigMap, { namespace, labels: { select: "nothing" } })).toEqual([]);
    });

    test("a Secret's text becomes base64", async () => {
      const where = key("secret");
      await kube.create(Secret, { apiVersion: "v1", kind: "Secret", metadata: where, stringData: { word: "open" } });
      expect((await kube.get(Secret, where))?.data).toEqual({ word: Buffer.from("open").toString("base64") });
    });

    test("a Service gets an address, and a lost one can be had again", async () => {
      const where = key("service");
      const service: Service = {
        apiVersion: "v1",
        kind: "Service",
        metadata: where,
        spec: { ports: [{ port: 80 }], selector: { app: "x" } },
      };
      const address = (await kube.create(Service, service)).spec?.clusterIP ?? "";
      expect(address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);

      await kube.delete(Service, where);
      const again = await kube.create(Service, { ...service, spec: { ...service.spec, clusterIP: address } });
      expect(again.spec?.clusterIP).toBe(address);
    });

    test("update replaces; with an old version it is a conflict", async () => {
      const where = key("updated");
      const first = await kube.create(ConfigMap, configMap(where, { a: "1", b: "2" }));
      const second = await kube.update(ConfigMap, { ...first, data: { a: "9" } });
      expect(second.data).toEqual({ a: "9" });
      expect(await failure(kube.update(ConfigMap, { ...first, data: {} }))).toBe("conflict");
      expect(await failure(kube.update(ConfigMap, configMap(key("absent"))))).toBe("notFound");
    });

    test("a merge patch sets, takes away with null, and leaves the rest", async () => {
      const where = key("patched");
      await kube.create(ConfigMap, configMap(where, { a: "1", b: "2" }));
      expect((await kube.mergePatch(ConfigMap, where, { data: { a: null, c: "3" } })).data).toEqual({ b: "2", c: "3" });
      expect(await failure(kube.mergePatch(ConfigMap, key("absent"), { data: {} }))).toBe("notFound");
    });

    test("a merge patch with another uid is invalid, and with an old version a conflict", async () => {
      const where = key("guarded");
      const made = await kube.create(ConfigMap, configMap(where));
      await kube.mergePatch(ConfigMap, where, { data: { a: "2" } });
      expect(await failure(kube.mergePatch(ConfigMap, where, { metadata: { uid: "00000000-0000-4000-8000-000000000000" } }))).toBe(
        "invalid",
      );
      expect(await failure(kube.mergePatch(ConfigMap, where, { metadata: { resourceVersion: made.metadata.resourceVersion } }))).toBe(
        "conflict",
      );
    });

    test("apply creates what is absent", async () => {
      const where = key("applied");
      expect((await kube.apply(ConfigMap, configMap(where), manager)).data).toEqual({ a: "1" });
    });

    test("applying the same again changes nothing, not even the version", async () => {
      const where = key("applied");
      const first = await kube.apply(ConfigMap, configMap(where), manager);
      const second = await kube.apply(ConfigMap, configMap(where), manager);
      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    });

    test("what a manager no longer applies is gone, and what others applied stays", async () => {
      const where = key("applied");
      await kube.apply(ConfigMap, configMap(where, { mine: "1", also: "2" }), manager);
      await kube.apply(ConfigMap, configMap(where, { theirs: "3" }), { fieldManager: "somebody" });
      expect((await kube.apply(ConfigMap, configMap(where, { mine: "1" }), manager)).data).toEqual({ mine: "1", theirs: "3" });
    });

    test("apply takes a field over that somebody else has set", async () => {
      const where = key("applied");
      await kube.apply(ConfigMap, configMap(where, { a: "theirs" }), { fieldManager: "somebody" });
      expect((await kube.apply(ConfigMap, configMap(where, { a: "mine" }), manager)).data).toEqual({ a: "mine" });
    });

    test("apply merges lists by their key", async () => {
      const where = key("applied");
      await kube.apply(
        Deployment,
        deployment(where, [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ]),
        manager,
      );
      const after = await kube.apply(Deployment, deployment(where, [{ name: "B", value: "3" }]), manager);
      expect(after.spec?.template.spec?.containers[0]?.env).toEqual([{ name: "B", value: "3" }]);
    });

    test("generation counts changes of the spec, and of nothing else", async () => {
      const where = key("generation");
      await kube.create(Deployment, deployment(where));
      expect((await kube.mergePatch(Deployment, where, { metadata: { labels: { a: "b" } } })).metadata.generation).toBe(1);
      expect((await kube.mergePatch(Deployment, where, { spec: { minReadySeconds: 1 } })).metadata.generation).toBe(2);
    });

    test("status has its own door: the main one drops it, and it drops all else", async () => {
      const where = key("status");
      const made = await kube.create(Service, {
        apiVersion: "v1",
        kind: "Service",
        metadata: where,
        spec: { ports: [{ port: 80 }] },
        status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
      });
      expect(made.status?.loadBalancer?.ingress).toBeUndefined();

      const condition = { type: "Contract", status: "True", reason: "Test", message: "", lastTransitionTime: "2026-01-01T00:00:00Z" };
      const after = await kube.mergePatch(
        Service,
        where,
        { status: { conditions: [condition] }, spec: { ports: [{ port: 81 }] } },
        { subresource: "status" },
      );
      expect(after.status?.conditions).toEqual([condition]);
      expect(after.spec?.ports?.map((port) => port.port)).toEqual([80]);
    });

    test("delete says whether it was there", async () => {
      const where = key("deleted");
      await kube.create(ConfigMap, configMap(where));
      expect(await kube.delete(ConfigMap, where)).toBe(true);
      expect(await kube.get(ConfigMap, where)).toBeUndefined();
      expect(await kube.delete(ConfigMap, where)).toBe(false);
    });

    test("delete heeds uid and version", async () => {
      const where = key("deleted");
      const made = await kube.create(ConfigMap, configMap(where));
      expect(await failure(kube.delete(ConfigMap, where, { uid: "00000000-0000-4000-8000-000000000000" }))).toBe("conflict");
      expect(await failure(kube.delete(ConfigMap, where, { resourceVersion: "1" }))).toBe("conflict");
      expect(await kube.delete(ConfigMap, where, { uid: made.metadata.uid ?? "" })).toBe(true);
    });

    test("a finalizer keeps what is deleted until it is taken away", async () => {
      const where = key("finalized");
      await kube.create(ConfigMap, { ...configMap(where), metadata: { ...where, finalizers: ["contract.test/hold"] } });
      await kube.delete(ConfigMap, where);
      expect((await kube.get(ConfigMap, where))?.metadata.deletionTimestamp).toEqual(expect.any(String));

      await kube.mergePatch(ConfigMap, where, { metadata: { finalizers: null } });
      expect(await kube.get(ConfigMap, where)).toBeUndefined();
    });

    test("what has lost its only owner goes", async () => {
      const owner = await kube.create(ConfigMap, configMap(key("owner")));
      const where = key("owned");
      await kube.create(ConfigMap, {
        ...configMap(where),
        metadata: {
          ...where,
          ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: owner.metadata.name ?? "", uid: owner.metadata.uid ?? "" }],
        },
      });

      await kube.delete(ConfigMap, { namespace, name: owner.metadata.name ?? "" }, { propagationPolicy: "Background" });

      await eventually(async () => {
        subject.collectGarbage?.();
        return (await kube.get(ConfigMap, where)) === undefined;
      });
      expect(await kube.get(ConfigMap, where)).toBeUndefined();
    });

    test("a watch tells what is added, modified and deleted after its version", async () => {
      const where = key("watched");
      const { resourceVersion } = await kube.listForWatch(ConfigMap, { namespace });
      await kube.create(ConfigMap, configMap(where));
      await kube.mergePatch(ConfigMap, where, { data: { a: "2" } });
      await kube.delete(ConfigMap, where);

      const stop = new AbortController();
      const seen: string[] = [];
      for await (const event of kube.watch(ConfigMap, { namespace, resourceVersion, signal: stop.signal })) {
        if (event.type === "bookmark" || event.object.metadata.name !== where.name) continue;
        seen.push(`${event.type} ${event.object.data?.["a"] ?? ""}`);
        if (event.type === "deleted") break;
      }
      stop.abort();
      expect(seen).toEqual(["added 1", "modified 2", "deleted 2"]);
    });

    test("what a Deployment selects cannot be changed, nor can a Job's template", async () => {
      const where = key("fixed");
      await kube.create(Deployment, deployment(where));
      const other = { spec: { selector: { matchLabels: { app: "other" } }, template: { metadata: { labels: { app: "other" } } } } };
      expect(await failure(kube.mergePatch(Deployment, where, other))).toBe("invalid");

      await kube.create(Job, {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: where,
        spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "none:none" }] } } },
      });
      const image = { spec: { template: { spec: { containers: [{ name: "main", image: "other:none" }] } } } };
      expect(await failure(kube.mergePatch(Job, where, image))).toBe("invalid");
    });

    test("a selector has to match the template's labels", async () => {
      const where = key("mismatch");
      const made = deployment(where);
      expect(
        await failure(kube.create(Deployment, { ...made, spec: { ...made.spec, selector: { matchLabels: { app: "other" } } } as never })),
      ).toBe("invalid");
    });

    test("an address that another Service has is refused, and one's own cannot be changed", async () => {
      const ports = [{ port: 80 }];
      const service = (where: { namespace: string; name: string }, clusterIP?: string): Service => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: where,
        spec: { ports, ...(clusterIP === undefined ? {} : { clusterIP }) },
      });
      const first = key("service");
      const address = (await kube.create(Service, service(first))).spec?.clusterIP ?? "";

      expect(await failure(kube.create(Service, service(key("service"), address)))).toBe("invalid");
      expect(await failure(kube.mergePatch(Service, first, { spec: { clusterIP: "10.255.255.254" } }))).toBe("invalid");
    });

    test("a name must be one", async () => {
      expect(await failure(kube.create(ConfigMap, configMap({ name: "Not_A_Name" })))).toBe("invalid");
    });

    test("what is being deleted takes no new finalizer", async () => {
      const where = key("finalized");
      await kube.create(ConfigMap, { ...configMap(where), metadata: { ...where, finalizers: ["contract.test/hold"] } });
      await kube.delete(ConfigMap, where);
      expect(
        await failure(kube.mergePatch(ConfigMap, where, { metadata: { finalizers: ["contract.test/hold", "contract.test/more"] } })),
      ).toBe("invalid");
      await kube.mergePatch(ConfigMap, where, { metadata: { finalizers: null } });
    });

    test("applying with another uid or an old version is refused", async () => {
      const where = key("applied");
      const made = await kube.apply(ConfigMap, configMap(where), manager);
      await kube.mergePatch(ConfigMap, where, { data: { a: "2" } });
      const again = (metadata: object) => kube.apply(ConfigMap, { ...configMap(where), metadata: { ...where, ...metadata } }, manager);
      expect(await failure(again({ resourceVersion: made.metadata.resourceVersion }))).toBe("conflict");
      expect(await failure(again({ uid: "00000000-0000-4000-8000-000000000000" }))).toBe("invalid");
    });

    test("applying the status of what is not there is notFound", async () => {
      const where = key("absent");
      const { spec: _spec, ...rest } = deployment(where);
      expect(await failure(kube.apply(Deployment, { ...rest, status: { replicas: 0 } }, { ...manager, subresource: "status" }))).toBe(
        "notFound",
      );
    });

    test("a Lease takes times of six decimals", async () => {
      const where = key("lease");
      const renewTime = "2026-01-01T00:00:00.000000Z";
      expect(
        (
          await kube.create(Lease, {
            apiVersion: "coordination.k8s.io/v1",
            kind: "Lease",
            metadata: where,
            spec: { holderIdentity: "me", leaseDurationSeconds: 15, renewTime },
          })
        ).spec?.renewTime,
      ).toBe(renewTime);
    });

    casesContract(() => subject);
  });
}

/** Asks until it is so, for some seconds at most; what is not so then shows in the assertion that follows. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
