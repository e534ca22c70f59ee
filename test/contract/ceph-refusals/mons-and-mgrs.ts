import { type CephRefusal, mgr, mon } from "./ceph-refusal.ts";

const mons: readonly CephRefusal[] = [
  { name: "a command that is not known", call: mon("osd paint"), says: "EINVAL" },
  { name: "a status with an argument that is not known", call: mon("status", { colour: "blue" }), says: "taken" },
  { name: "a mon removed that is not there", call: mon("mon rm", { name: "nobody" }), says: "taken" },
  { name: "whether a mon can stop that is not there", call: mon("mon ok-to-stop", { ids: ["nobody"] }), says: "taken" },
  { name: "a cipher that is not known", call: mon("mon set", { name: "auth_service_cipher", value: "rot13" }), says: "EINVAL" },
  { name: "ciphers of which one is not known", call: mon("mon set", { name: "auth_allowed_ciphers", value: "aes,rot13" }), says: "EINVAL" },
  {
    name: "a mon's setting that is not known",
    call: mon("mon set", { name: "auth_colour", value: "aes" }),
    says: "taken",
    saysOld: "EINVAL",
  },
  {
    name: "a warning muted that is not there",
    call: mon("health mute", { code: "TABLE_NOWHERE" }),
    says: "ENOENT",
    names: "TABLE_NOWHERE",
  },
  {
    name: "a warning muted that is not there, for good",
    call: mon("health mute", { code: "TABLE_NOWHERE", sticky: true }),
    says: "taken",
    after: [mon("health unmute", { code: "TABLE_NOWHERE" })],
  },
  {
    name: "a warning muted for a time that is none",
    call: mon("health mute", { code: "TABLE_NOWHERE", ttl: "soon" }),
    says: "EINVAL",
    names: "soon",
  },
  {
    name: "a warning muted for a time with a unit that is not known",
    call: mon("health mute", { code: "TABLE_NOWHERE", ttl: "5 moons", sticky: true }),
    says: "EINVAL",
  },
  { name: "a warning no longer muted that is not", call: mon("health unmute", { code: "TABLE_NOWHERE" }), says: "taken" },
];

const mgrs: readonly CephRefusal[] = [
  { name: "a module that is not known", call: mon("mgr module enable", { module: "odd" }), says: "ENOENT", names: "odd" },
  { name: "a module that is always on", call: mon("mgr module enable", { module: "balancer" }), says: "taken" },
  {
    name: "a module off that is always on",
    call: mon("mgr module disable", { module: "balancer" }),
    says: "EPERM",
    saysOld: "EINVAL",
    names: "balancer",
  },
  { name: "a module off that is not known", call: mon("mgr module disable", { module: "odd" }), says: "taken" },
  { name: "a module as a number", call: mon("mgr module enable", { module: 7 }), says: "EINVAL", names: "module" },
  { name: "a command of the mgr that is not known", call: mgr("paint"), says: "EINVAL" },
];

const create = (input: string, more: Readonly<Record<string, string>> = {}) =>
  mgr("dashboard ac-user-create", { username: "table", rolename: "read-only", ...more }, input);
const gone = { after: [mgr("dashboard ac-user-delete", { username: "table" })] };

/** Debian's Ceph 18.2 has no dashboard. */
const dashboard: readonly CephRefusal[] = [
  { name: "a dashboard's user", call: create("f2G9-xyzzy-Plugh"), says: "taken", only: "20.2.4", ...gone },
  { name: "a dashboard's user with a short password", call: create("abc"), says: "EINVAL", only: "20.2.4", ...gone },
  { name: "a dashboard's user with its name for a password", call: create("table-table-1A"), says: "taken", only: "20.2.4", ...gone },
  { name: "a dashboard's user with one letter for a password", call: create("aaaaaaaaaaaa"), says: "taken", only: "20.2.4", ...gone },
  { name: "a dashboard's user without a password", call: create(""), says: "EINVAL", only: "20.2.4", ...gone },
  {
    name: "a dashboard's user of a role that is not known",
    call: create("f2G9-xyzzy-Plugh", { rolename: "king" }),
    says: "ENOENT",
    names: "king",
    only: "20.2.4",
    ...gone,
  },
  {
    name: "a dashboard's user again",
    before: [create("f2G9-xyzzy-Plugh")],
    call: create("f2G9-xyzzy-Plugh"),
    says: "taken",
    only: "20.2.4",
    ...gone,
  },
  {
    name: "a dashboard's user asked for that is not there",
    call: mgr("dashboard ac-user-show", { username: "nobody" }),
    says: "ENOENT",
    names: "nobody",
    only: "20.2.4",
  },
  {
    name: "a password of a dashboard's user that is not there",
    call: mgr("dashboard ac-user-set-password", { username: "nobody" }, "f2G9-xyzzy-Plugh"),
    says: "ENOENT",
    names: "nobody",
    only: "20.2.4",
  },
  {
    name: "a weak password of a dashboard's user",
    before: [create("f2G9-xyzzy-Plugh")],
    call: mgr("dashboard ac-user-set-password", { username: "table" }, "abc"),
    says: "EINVAL",
    only: "20.2.4",
    ...gone,
  },
];

/** What Ceph says to bad commands about mons, warnings, mgrs and their modules. */
export const monAndMgrRefusals: readonly CephRefusal[] = [...mons, ...mgrs, ...dashboard];
