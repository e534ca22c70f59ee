import type { Node } from "../kube/kinds.ts";
import type { SimDisks } from "./sim-disks.ts";
import { nameOfKey, type SimFolders } from "./sim-folders.ts";

/** What a clean-up Job is asked, in its variable WANTED. */
interface Wanted {
  readonly fsid: string;
  readonly namespace: string;
  readonly dataDir: string;
}

/**
 * Does on a simulated node what `cluster/scripts/clean-host.py` does on a real one, by the same rules and with the same words, as far as
 * its disks and folders go.
 */
export function cleanNode(
  text: string,
  node: Node,
  { disks, folders, monKey }: { readonly disks: SimDisks; readonly folders: SimFolders; readonly monKey: string | undefined },
): { readonly exitCode: number; readonly message: string } {
  const { fsid, namespace, dataDir } = JSON.parse(text) as Wanted;
  if (monKey === undefined)
    return { exitCode: 1, message: "the cluster's mon key is not known: which of the node's folders are its own cannot be told" };
  const wiped = disks.on(node).filter(({ content }) => content.type === "osd" && content.fsid === fsid);
  for (const disk of wiped) disks.write(node, disk, { type: "empty" });
  const name = node.metadata.name ?? "";
  const removed: string[] = [];
  const kept: [string, string][] = [];
  for (const [path, known] of folders.on(name)) {
    const isMons = path.startsWith(`${dataDir}/mon-`);
    if (isMons && known !== nameOfKey(monKey)) kept.push([path, "is a mon's of another cluster"]);
    else if (isMons || path === `${dataDir}/${namespace}`) removed.push(path);
  }
  for (const path of removed) folders.remove(name, path);
  return { exitCode: 0, message: JSON.stringify({ wiped: wiped.map((disk) => `/dev/${disk.name}`), removed, kept }) };
}
