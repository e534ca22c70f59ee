import { type CephCall, type CephRefusal, mon } from "./ceph-refusal.ts";

const removed = { after: [mon("osd erasure-code-profile rm", { name: "table-new" })] };
const profile = (...words: readonly string[]): CephCall => mon("osd erasure-code-profile set", { name: "table-new", profile: words });
const rule = (more: Readonly<Record<string, string>>): CephCall =>
  mon("osd crush rule create-replicated", { name: "table-new", root: "default", type: "osd", ...more });
const ruleRemoved = { after: [mon("osd crush rule rm", { name: "table-new" })] };

const profiles: readonly CephRefusal[] = [
  { name: "a profile", call: profile("k=2", "m=1"), says: "taken", ...removed },
  { name: "a profile of k=0 m=0", call: profile("k=0", "m=0"), says: "EINVAL", ...removed },
  { name: "a profile of k=1", call: profile("k=1", "m=1", "plugin=jerasure"), says: "EINVAL", ...removed },
  { name: "a profile of k that is a word", call: profile("k=two", "m=1"), says: "EINVAL", ...removed },
  { name: "a profile of m=0", call: profile("k=2", "m=0", "plugin=jerasure"), says: "EINVAL", ...removed },
  { name: "a profile of a plugin that is not known", call: profile("k=2", "m=1", "plugin=odd"), says: "EIO", names: "odd", ...removed },
  {
    name: "a profile of a technique that is not known",
    call: profile("k=2", "m=1", "plugin=jerasure", "technique=odd"),
    says: "ENOENT",
    ...removed,
  },
  {
    name: "a profile of a failure domain that is not known",
    call: profile("k=2", "m=1", "crush-failure-domain=odd"),
    says: "EINVAL",
    names: "odd",
    ...removed,
  },
  { name: "a profile of a root that is not there", call: profile("k=2", "m=1", "crush-root=nowhere"), says: "taken", ...removed },
  {
    name: "a profile of a device class that is not there",
    call: profile("k=2", "m=1", "crush-device-class=odd"),
    says: "taken",
    ...removed,
  },
  { name: "a profile's setting that is not known", call: profile("k=2", "m=1", "colour=blue"), says: "taken", ...removed },
  { name: "a profile's stripe unit that is a word", call: profile("k=2", "m=1", "stripe_unit=wide"), says: "EINVAL", ...removed },
  { name: "a profile's stripe unit that does not fit", call: profile("k=2", "m=1", "stripe_unit=100"), says: "EINVAL", ...removed },
  {
    name: "a profile's name with a blank",
    call: mon("osd erasure-code-profile set", { name: "table new", profile: ["k=2", "m=1"] }),
    says: "taken",
    after: [mon("osd erasure-code-profile rm", { name: "table new" })],
  },
  {
    name: "a profile as one text",
    call: mon("osd erasure-code-profile set", { name: "table-new", profile: "k=2 m=1" }),
    says: "EINVAL",
    names: "profile",
  },
  {
    name: "a profile changed",
    call: mon("osd erasure-code-profile set", { name: "table-coded", profile: ["k=2", "m=2"] }),
    says: "EPERM",
    names: "table-coded",
  },
  {
    name: "a profile changed by force without being sure",
    call: mon("osd erasure-code-profile set", { name: "table-coded", profile: ["k=2", "m=2"], force: true }),
    says: "EPERM",
  },
  {
    name: "a pool's profile removed",
    call: mon("osd erasure-code-profile rm", { name: "table-coded" }),
    says: "EBUSY",
    names: "table-coded",
  },
  { name: "a profile removed that is not there", call: mon("osd erasure-code-profile rm", { name: "nowhere" }), says: "taken" },
  {
    name: "a profile asked for that is not there",
    call: mon("osd erasure-code-profile get", { name: "nowhere" }),
    says: "ENOENT",
    names: "nowhere",
  },
  {
    name: "a pool of a profile whose root is not there",
    before: [profile("k=2", "m=1", "crush-root=nowhere")],
    call: mon("osd pool create", { pool: "table-other", pg_num: 4, pool_type: "erasure", erasure_code_profile: "table-new" }),
    says: "ENOENT",
    names: "nowhere",
    ...removed,
  },
  {
    name: "a pool of a profile whose device class is not there",
    before: [profile("k=2", "m=1", "crush-device-class=odd")],
    call: mon("osd pool create", { pool: "table-other", pg_num: 4, pool_type: "erasure", erasure_code_profile: "table-new" }),
    says: "EINVAL",
    names: "odd",
    ...removed,
  },
];

const rules: readonly CephRefusal[] = [
  { name: "a rule", call: rule({}), says: "taken", ...ruleRemoved },
  {
    name: "a rule's name with a blank",
    call: rule({ name: "table new" }),
    says: "taken",
    after: [mon("osd crush rule rm", { name: "table new" })],
  },
  { name: "a rule's name that another has", call: rule({ name: "table-coded" }), says: "taken" },
  { name: "a rule of a root that is not there", call: rule({ root: "nowhere" }), says: "ENOENT", names: "nowhere", ...ruleRemoved },
  { name: "a rule of a failure domain that is not known", call: rule({ type: "odd" }), says: "EINVAL", names: "odd", ...ruleRemoved },
  { name: "a rule of a device class that is not there", call: rule({ class: "odd" }), says: "EINVAL", names: "odd", ...ruleRemoved },
  { name: "a pool's rule removed", call: mon("osd crush rule rm", { name: "table-coded" }), says: "EBUSY", names: "table-coded" },
  { name: "a rule removed that is not there", call: mon("osd crush rule rm", { name: "nowhere" }), says: "taken" },
];

const place = (...args: readonly string[]): CephCall => mon("osd crush create-or-move", { id: 0, weight: 0.0078, args });

/** As an OSD says where it is when it starts. Names that another bucket has, of another type, are taken. */
const places: readonly CephRefusal[] = [
  { name: "a place that is no pair", call: place("default"), says: "EINVAL" },
  { name: "a place that is another OSD", call: place("root=default", "host=osd.1"), says: "EINVAL" },
  { name: "a place whose name has a blank", call: place("root=default", "host=table rack"), says: "EINVAL" },
  {
    name: "a place of an OSD that is not there",
    call: mon("osd crush create-or-move", { id: 99, weight: 0.5, args: ["root=default"] }),
    says: "ENOENT",
    names: "osd.99",
  },
];

/** What Ceph says to bad commands about CRUSH, its rules, and erasure code profiles. */
export const crushRefusals: readonly CephRefusal[] = [...profiles, ...rules, ...places];
