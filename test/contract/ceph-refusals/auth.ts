import { type CephCall, type CephRefusal, mon } from "./ceph-refusal.ts";

const gone = (entity: string) => ({ after: [mon("auth rm", { entity })] });
const create = (entity: string, caps: readonly string[] = ["mon", "allow r"], more: Readonly<Record<string, string>> = {}): CephCall =>
  mon("auth get-or-create", { entity, caps, ...more });
const caps = (...words: readonly string[]): CephCall => mon("auth caps", { entity: "client.table", caps: words });
const key = "AQA9Xy1nAAAAABAAmH3Mk8zpVtRrTqKz4sZ9Wg==";

const entities: readonly CephRefusal[] = [
  { name: "a user", call: create("client.table-new"), says: "taken", ...gone("client.table-new") },
  { name: "an entity without a type", call: create("table-new"), says: "EINVAL" },
  { name: "an entity of a type that is not known", call: create("robot.table"), says: "EINVAL" },
  { name: "an entity without an id", call: create("client."), says: "taken", ...gone("client.") },
  { name: "an entity with a blank", call: create("client.table new"), says: "taken", ...gone("client.table new") },
  { name: "an entity without a name", call: create(""), says: "EINVAL" },
  {
    name: "an entity as a number",
    call: mon("auth get-or-create", { entity: 7, caps: ["mon", "allow r"] }),
    says: "EINVAL",
    names: "entity",
  },
  {
    name: "a user that is there, with other capabilities",
    call: create("client.table", ["mon", "allow rw"]),
    says: "EINVAL",
    names: "mon",
  },
  {
    name: "a user asked for that is not there",
    call: mon("auth get", { entity: "client.nowhere" }),
    says: "ENOENT",
    names: "client.nowhere",
  },
  { name: "a user's key asked for that is not there", call: mon("auth get-key", { entity: "client.nowhere" }), says: "ENOENT" },
  { name: "a user removed that is not there", call: mon("auth rm", { entity: "client.nowhere" }), says: "taken" },
  { name: "an entity without a type removed", call: mon("auth rm", { entity: "nowhere" }), says: "EINVAL" },
  {
    name: "a key of a type that is not known",
    call: create("client.table-new", ["mon", "allow r"], { key_type: "rot13" }),
    says: "EINVAL",
    saysOld: "taken",
    ...gone("client.table-new"),
  },
];

const capabilities: readonly CephRefusal[] = [
  {
    name: "capabilities of a user that is not there",
    call: mon("auth caps", { entity: "client.nowhere", caps: ["mon", "allow r"] }),
    says: "ENOENT",
    names: "client.nowhere",
  },
  { name: "capabilities that are words", call: caps("mon", "let me in"), says: "EINVAL", names: "let me in" },
  { name: "capabilities for a service that is not known", call: caps("moon", "allow r"), says: "EINVAL", names: "moon" },
  { name: "capabilities of an odd number of words", call: caps("mon"), says: "EINVAL" },
  { name: "no capabilities", call: caps(), says: "taken" },
  { name: "capabilities as one text", call: mon("auth caps", { entity: "client.table", caps: "mon" }), says: "EINVAL", names: "caps" },
  { name: "capabilities for OSDs that are words", call: caps("osd", "let me in"), says: "EINVAL", names: "let me in" },
  { name: "capabilities for a pool without a name", call: caps("osd", "allow rw pool="), says: "EINVAL" },
  { name: "capabilities for a pool", call: caps("osd", "allow rw pool=table-a"), says: "taken" },
  { name: "capabilities for a pool that is not there", call: caps("osd", "allow rw pool=nowhere"), says: "taken" },
  { name: "capabilities of a tag", call: caps("osd", "allow rw tag cephfs data=table-fs"), says: "taken" },
  { name: "capabilities for OSDs of letters that are not known", call: caps("osd", "allow rwz"), says: "EINVAL" },
  { name: "a profile of the mons that is not known", call: caps("mon", "profile odd"), says: "taken" },
  { name: "a profile of the OSDs that is not known", call: caps("osd", "profile odd"), says: "taken" },
  { name: "a profile", call: caps("mon", "profile rbd", "osd", "profile rbd pool=table-a, profile rbd-read-only"), says: "taken" },
  { name: "capabilities for MDSs that are words", call: caps("mds", "let me in"), says: "EINVAL" },
  { name: "capabilities for a folder", call: caps("mds", "allow rw fsname=table-fs path=/a"), says: "taken" },
  { name: "capabilities for MDSs of letters that are not known", call: caps("mds", "allow z"), says: "EINVAL" },
  { name: "capabilities for the mgr that are words", call: caps("mgr", "let me in"), says: "EINVAL" },
  { name: "capabilities for a command", call: caps("mon", 'allow command "osd pool ls", allow r'), says: "taken" },
  { name: "capabilities for a network that is none", call: caps("mon", "allow r network nowhere"), says: "EINVAL", names: "nowhere" },
  {
    name: "a new user's capabilities that are words",
    call: create("client.table-new", ["mon", "let me in"]),
    says: "EINVAL",
    ...gone("client.table-new"),
  },
];

const imports: readonly CephRefusal[] = [
  {
    name: "a keyring",
    call: mon("auth import", {}, `[client.table-new]\n\tkey = ${key}\n\tcaps mon = "allow r"\n`),
    says: "taken",
    ...gone("client.table-new"),
  },
  {
    name: "a keyring with a key that is none",
    call: mon("auth import", {}, '[client.table-new]\n\tkey = open sesame\n\tcaps mon = "allow r"\n'),
    says: "EINVAL",
    ...gone("client.table-new"),
  },
  {
    name: "a keyring without capabilities",
    call: mon("auth import", {}, `[client.table-new]\n\tkey = ${key}\n`),
    says: "EINVAL",
    ...gone("client.table-new"),
  },
  {
    name: "a keyring with capabilities that are words",
    call: mon("auth import", {}, `[client.table-new]\n\tkey = ${key}\n\tcaps mon = "let me in"\n`),
    says: "taken",
    ...gone("client.table-new"),
  },
  {
    name: "a keyring with an entity without a type",
    call: mon("auth import", {}, `[table-new]\n\tkey = ${key}\n\tcaps mon = "allow r"\n`),
    says: "EINVAL",
  },
  { name: "a keyring that is none", call: mon("auth import", {}, "open sesame"), says: "EINVAL" },
  { name: "no keyring", call: mon("auth import"), says: "EINVAL" },
];

/** What Ceph says to bad commands about entities, their keys and capabilities. */
export const authRefusals: readonly CephRefusal[] = [...entities, ...capabilities, ...imports];
