import { cephxKeyType } from "../../src/ceph/cephx-key.ts";
import { parseKeyring } from "../../src/ceph/keyring.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { fieldsOf, type SimObject } from "../../src/simkube/api/sim-object.ts";

/** Shows each key in the JSON of a Secret as whose it is in Ceph; one that Ceph does not know as such. */
export function keyMask(sim: SimCluster): (json: string, secret: SimObject) => string {
  const entities = sim.ceph.state()?.entities ?? new Map<string, { key: string }>();
  const passwords = sim.ceph.state()?.dashboardUsers ?? new Map<string, string>();
  const whoHas = (key: string): string | undefined => [...entities].find(([, entity]) => entity.key === key)?.[0];
  const sayKey = (key: string, entity?: string): string => {
    const type = cephxKeyType(key) ?? "no key";
    if (entity !== undefined && entities.get(entity)?.key === key) return `<its key, ${type}>`;
    const owner = whoHas(key);
    return owner === undefined ? `<a key that Ceph does not know, ${type}>` : `<the key of ${owner}, ${type}>`;
  };
  const say = (field: string, plain: string): string => {
    const keyring = parseKeyring(plain);
    if (keyring.length > 0) return keyring.map(({ entity, key }) => `${entity} with ${sayKey(key, entity)}`).join(", ");
    if (cephxKeyType(plain) !== undefined) return sayKey(plain);
    if (field !== "password") return plain;
    const user = [...passwords].find(([, password]) => password === plain)?.[0];
    return user === undefined ? "<a password that the dashboard does not know>" : `<the password of ${user}>`;
  };
  return (json, secret) => {
    let out = json;
    for (const [field, value] of Object.entries(fieldsOf(secret["data"]))) {
      const shown = say(field, Buffer.from(String(value), "base64").toString());
      out = out.replace(`${JSON.stringify(field)}:${JSON.stringify(value)}`, () => `${JSON.stringify(field)}:${JSON.stringify(shown)}`);
    }
    return out;
  };
}
