import { expect, test } from "@jest/globals";
import { buildContexts } from "../../../test/builders/build-contexts.ts";
import type { DaemonType } from "../daemon-type.ts";
import { daemonLabels } from "../labels.ts";
import { daemonDeployment } from "./daemon-deployment.ts";

const { plain } = buildContexts;

/** A type of daemon that no kind has. */
const parrotType: DaemonType = {
  type: "parrot",
  app: "rook-ceph-parrot",
  updateTurn: 5,
  selector: (id) => ({ ceph_daemon_id: id, parrot: id }),
  question: "squawk",
  startupFailures: 3,
  fields: { resources: "parrot.resources", placement: "parrot.placement" },
};

test("a new type of daemon has its Deployment from its row and what is its own", () => {
  const labels = daemonLabels({ ...plain, type: parrotType, id: "a" });

  const { metadata, spec } = daemonDeployment(plain, {
    type: parrotType,
    id: "a",
    name: "rook-ceph-parrot-a",
    image: { image: "quay.io/ceph/ceph:v20.2.4", label: "20.2.4-0" },
    labels,
    settings: { annotations: { team: "storage" }, labels: { app: "mine", colour: "green" }, resources: { limits: { memory: "1Gi" } } },
    probes: { livenessProbe: { probe: { periodSeconds: 30, httpGet: { port: 80, path: "/" } } } },
    pod: { nodeSelector: { zone: "a" } },
    script: "exec parrot",
    container: { args: ["--loud"], env: [{ name: "SEED", value: "1" }] },
    volumes: [{ name: "cage", emptyDir: {} }],
  });

  expect(metadata).toMatchObject({ name: "rook-ceph-parrot-a", labels: { ...labels, "ceph-version": "20.2.4-0" } });
  expect(spec?.selector.matchLabels).toEqual({
    app: "rook-ceph-parrot",
    rook_cluster: plain.namespace,
    ceph_daemon_id: "a",
    parrot: "a",
  });
  const { metadata: template, spec: pod } = spec?.template ?? {};
  // a user's labels never take the place of those that select
  expect(template).toEqual({ labels: { ...labels, colour: "green" }, annotations: { team: "storage" } });
  expect(pod).toMatchObject({ nodeSelector: { zone: "a" }, volumes: expect.arrayContaining([{ name: "cage", emptyDir: {} }]) });
  expect(pod?.containers).toMatchObject([
    {
      name: "parrot",
      image: "quay.io/ceph/ceph:v20.2.4",
      command: ["/bin/bash", "-c", "exec parrot", "parrot"],
      args: ["--loud"],
      env: expect.arrayContaining([{ name: "SEED", value: "1" }]),
      resources: { limits: { memory: "1Gi" } },
      // a user changes the times of a probe, not its question
      livenessProbe: { periodSeconds: 30, exec: { command: expect.arrayContaining(["/run/ceph/ceph-parrot.a.asok", "squawk"]) } },
      startupProbe: { failureThreshold: 3 },
    },
  ]);
  expect(pod?.containers[0]?.livenessProbe).not.toHaveProperty("httpGet");
});
