import { applyObjects, execInPod, kubectl } from "./kubectl.ts";
import { namespace } from "./operator.ts";
import { testCluster } from "./test-cluster.ts";

const name = "fuse-client";
const keyring = "/etc/ceph/admin-keyring-store/keyring";

/** A Pod with ceph-fuse, which mounts file systems as the cluster's admin. */
export const fuseClient = {
  /** Makes the Pod, and waits until it runs. */
  async start(): Promise<void> {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            name: "client",
            image: await testCluster.cephImage(),
            imagePullPolicy: "IfNotPresent",
            command: ["sleep", "infinity"],
            env: [{ name: "MON_HOST", valueFrom: { secretKeyRef: { name: "rook-ceph-config", key: "mon_host" } } }],
            // for /dev/fuse, and to mount
            securityContext: { privileged: true },
            volumeMounts: [{ name: "keyring", mountPath: "/etc/ceph/admin-keyring-store", readOnly: true }],
          },
        ],
        volumes: [{ name: "keyring", secret: { secretName: "rook-ceph-admin-keyring" } }],
      },
    };
    await applyObjects(pod);
    await kubectl(["wait", "-n", namespace, "--for=condition=Ready", "--timeout=60s", `pod/${name}`], { seconds: 70 });
  },

  /** Runs a script of bash in it. */
  run(script: string, seconds = 120): Promise<string> {
    return execInPod(namespace, name, ["bash", "-euc", script], { seconds });
  },

  /** Mounts a file system at a folder, such as `/mnt`. */
  async mount(filesystem: string, folder: string): Promise<void> {
    await fuseClient.run(
      `mkdir -p ${folder}; ceph-fuse -m "$MON_HOST" -n client.admin -k ${keyring} --client_fs ${filesystem} --log-to-stderr=false ${folder} >/dev/null 2>&1`,
    );
  },

  async unmount(folder: string): Promise<void> {
    await fuseClient.run(`umount ${folder}`);
  },
};
