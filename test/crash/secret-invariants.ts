import type { CephCommand } from "../../src/ceph/ceph.ts";
import { cephxKeyType } from "../../src/ceph/cephx-key.ts";
import { parseKeyring } from "../../src/ceph/keyring.ts";
import { Secret } from "../../src/kube/kinds.ts";
import type { LogFields, Logger } from "../../src/kube/logger.ts";
import type { SimCluster } from "../../src/simceph/sim-cluster.ts";
import { fieldsOf } from "../../src/simkube/api/sim-object.ts";
import type { OperatorWrite } from "./operator-waist.ts";

/** Whatever looks like a key of cephx: its type as a little-endian number, then time and bytes, in base64. */
const keyLike = /(?<![A-Za-z0-9+/])A[Qg][A-D][A-Za-z0-9+/]{35,}={0,2}/;

/** Watches that no key and no password comes to where it can be read: outside of Secrets, in logs, or in the words of a command. */
export interface SecretWatch {
  hearWrite(write: OperatorWrite): void;
  /** Ceph logs the words of each command, but not its input. */
  hearCommand(command: CephCommand): void;
  /** What operators log is heard here; debug entries are not, since nobody logs them unless asked. */
  readonly log: Logger;
}

export function watchSecrets(sim: SimCluster, say: (violation: string) => void): SecretWatch {
  /** Every key and password there ever was, in clear and as a Secret has it. */
  const known = new Set<string>();
  const add = (value: string): void => {
    if (value.length < 8) return;
    known.add(value);
    known.add(Buffer.from(value).toString("base64"));
  };
  const learn = (secret: unknown): void => {
    for (const [field, value] of Object.entries(fieldsOf(fieldsOf(secret)["data"]))) {
      const plain = Buffer.from(String(value), "base64").toString();
      for (const { key } of parseKeyring(plain)) add(key);
      if (field === "password" || cephxKeyType(plain) !== undefined) add(plain);
    }
  };
  const learnFromCeph = (): void => {
    for (const { entities } of sim.ceph.states()) for (const { key } of entities.values()) if (!known.has(key)) add(key);
  };
  for (const secret of sim.store.list(sim.store.resource(Secret))) learn(secret);
  sim.store.subscribe((resource, { object }) => {
    if (resource.kind === Secret.kind) learn(object);
  });
  const judge = (where: string, text: string): void => {
    if (keyLike.test(text)) return say(`there is a key in ${where}`);
    learnFromCeph();
    for (const secret of known) if (text.includes(secret)) return say(`there is a key or password in ${where}`);
  };
  const hearEntry = (level: string, message: string, fields: LogFields | undefined, bound: LogFields): void => {
    judge(`the log: ${level} ${message.slice(0, 60)}`, `${message} ${textOf({ ...bound, ...fields })}`);
    const error = fields?.["error"];
    if (error instanceof TypeError) say(`the operator fails: ${error.message}`);
  };
  const logger = (bound: LogFields): Logger => ({
    debug: () => {},
    info: (message, fields) => hearEntry("info", message, fields, bound),
    warn: (message, fields) => hearEntry("warn", message, fields, bound),
    error: (message, fields) => hearEntry("error", message, fields, bound),
    child: (fields) => logger({ ...bound, ...fields }),
  });
  return {
    hearWrite: ({ verb, kind, key: { name }, content }) => {
      if (content === undefined) return;
      if (kind.kind === Secret.kind) learn(content);
      const shown = kind.kind === Secret.kind ? fieldsOf(content)["metadata"] : content;
      judge(`${kind.kind} ${kind.kind === "Event" ? "" : name} (${verb})`, textOf(shown));
    },
    hearCommand: (command) => judge(`the words of ceph ${command.prefix}`, textOf(command)),
    log: logger({}),
  };
}

/** Everything that is in a value, errors and what caused them too. */
function textOf(value: unknown): string {
  if (value === undefined) return "";
  return JSON.stringify(value, (_name, field: unknown) =>
    field instanceof Error
      ? { ...Object.fromEntries(Object.entries(field)), name: field.name, message: field.message, cause: field.cause }
      : field,
  );
}
