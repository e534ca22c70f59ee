import { type CephRefusal, mgr, mon } from "./ceph-refusal.ts";

const flag = (key: string, prefix = "osd set") => mon(prefix, { key });
const group = (flags: string, ...who: readonly string[]) => mon("osd set-group", { flags, who });

const map: readonly CephRefusal[] = [
  { name: "a release that is not known", call: mon("osd require-osd-release", { release: "zebra" }), says: "EINVAL", names: "zebra" },
  { name: "a release that is long gone", call: mon("osd require-osd-release", { release: "luminous" }), says: "EPERM" },
  { name: "the release before", call: mon("osd require-osd-release", { release: "reef" }), says: "EPERM", saysOld: "taken" },
  { name: "the release before the last", call: mon("osd require-osd-release", { release: "quincy" }), says: "EPERM" },
  {
    name: "a release that the mons do not have",
    call: mon("osd require-osd-release", { release: "tentacle" }),
    says: "EINVAL",
    only: "18.2.7",
  },
  { name: "a full ratio of 7", call: mon("osd set-full-ratio", { ratio: 7 }), says: "EINVAL" },
  {
    name: "a full ratio above 1",
    call: mon("osd set-full-ratio", { ratio: 1.5 }),
    says: "taken",
    after: [mon("osd set-full-ratio", { ratio: 0.95 })],
  },
  { name: "a full ratio as a text", call: mon("osd set-full-ratio", { ratio: "0.95" }), says: "EINVAL", names: "ratio" },
  { name: "a nearfull ratio of 7", call: mon("osd set-nearfull-ratio", { ratio: 7 }), says: "EINVAL" },
  { name: "a flag that is not known", call: flag("nosleep"), says: "EINVAL", names: "nosleep" },
  { name: "a flag taken away that is not known", call: flag("nosleep", "osd unset"), says: "EINVAL", names: "nosleep" },
  { name: "a flag", call: flag("noout"), says: "taken", after: [flag("noout", "osd unset")] },
  { name: "a flag as a list", call: mon("osd set", { key: ["noout"] }), says: "EINVAL", names: "key" },
  { name: "a flag of a bucket that is not known", call: group("nosleep", "default"), says: "EINVAL", names: "nosleep" },
  { name: "a flag of a bucket that is not there", call: group("noout", "nowhere"), says: "EINVAL", names: "nowhere" },
  { name: "a flag of no bucket", call: group("noout"), says: "EINVAL" },
  { name: "a map of an epoch that is not there", call: mon("osd dump", { epoch: 99_999_999 }), says: "ENOENT" },
];

const single: readonly CephRefusal[] = [
  { name: "a new OSD whose uuid is none", call: mon("osd new", { uuid: "not-a-uuid" }, "{}"), says: "EINVAL" },
  { name: "an OSD out that is not there", call: mon("osd out", { ids: ["99"] }), says: "taken" },
  { name: "an OSD out that is a word", call: mon("osd out", { ids: ["odd"] }), says: "EINVAL", names: "odd" },
  { name: "an OSD in that is not there", call: mon("osd in", { ids: ["99"] }), says: "taken" },
  { name: "OSDs as one number", call: mon("osd out", { ids: 0 }), says: "EINVAL", names: "ids" },
  { name: "OSDs as numbers", call: mon("osd out", { ids: "0" }), says: "EINVAL", names: "ids" },
  { name: "an OSD purged that is up", call: mgr("osd purge", { id: 0, yes_i_really_mean_it: true }), says: "EBUSY", names: "osd.0" },
  { name: "an OSD purged that is not there", call: mgr("osd purge", { id: 99, yes_i_really_mean_it: true }), says: "taken" },
  { name: "whether an OSD can stop that is a word", call: mgr("osd ok-to-stop", { ids: ["odd"] }), says: "EINVAL" },
  { name: "whether no OSD can stop", call: mgr("osd ok-to-stop", { ids: [] }), says: "EINVAL" },
  { name: "what an OSD is that is not there", call: mon("osd metadata", { id: 99 }), says: "ENOENT", names: "99" },
  { name: "what an OSD is that is a word", call: mon("osd metadata", { id: "odd" }), says: "EINVAL" },
];

/** What Ceph says to bad commands about OSDs and their map. */
export const osdRefusals: readonly CephRefusal[] = [...map, ...single];
