import type { CephCommand } from "../../src/ceph/ceph.ts";
import { Event } from "../../src/kube/kinds.ts";

/** A write to Kubernetes, as the plans count them. */
export interface TappedWrite {
  readonly verb: string;
  readonly kind: string;
  readonly name: string;
}

/** Writes that come by themselves and are no part of a plan. */
export const uncounted: ReadonlySet<string> = new Set([Event.kind, "Lease"]);

/** What operators did since `begin`, in order. */
export interface Journal {
  /** From here on everything counts. */
  begin(): void;
  hasBegun(): boolean;
  /** A write is about to be sent; the answer tells how many there were, this one too, or undefined before `begin`. */
  write(write: TappedWrite): number | undefined;
  /** A write, an event among them, was refused with a code of `KubeError`. */
  refused(write: TappedWrite, code: string): void;
  /** Kubernetes was read: `get Secret`. */
  read(what: string): void;
  /** An event was told. */
  event(what: string): void;
  /** A command that changes Ceph is about to be sent. */
  command(command: CephCommand): number | undefined;
  /** Ceph refused a command that would change it, with a code of `CephError`. */
  commandRefused(command: CephCommand, code: string): void;
  /** Ceph is asked; the answer tells how many kinds of questions there were, where it is the first of its kind. */
  ask(command: CephCommand): number | undefined;
  /** A change by others is told to an operator. */
  watchEvent(): number | undefined;
  counts(): JournalCounts;
  entries(): JournalEntries;
}

/** How many places for faults there were. */
export interface JournalCounts {
  readonly writes: number;
  readonly commands: number;
  /** Kinds of questions to Ceph. */
  readonly reads: number;
  readonly watchEvents: number;
  readonly statusWrites: number;
}

export interface JournalEntries {
  readonly writes: readonly TappedWrite[];
  readonly refusedWrites: readonly (TappedWrite & { readonly code: string })[];
  readonly commands: readonly CephCommand[];
  readonly refusedCommands: readonly (CephCommand & { readonly code: string })[];
  /** Reads of Kubernetes and questions to Ceph, each with how often. */
  readonly reads: ReadonlyMap<string, number>;
  readonly events: readonly string[];
}

export const isStatusWrite = ({ verb }: TappedWrite): boolean => verb === "patch status of";

/** An empty journal. */
export function createJournal(): Journal {
  let begun = false;
  let watchEvents = 0;
  const writes: TappedWrite[] = [];
  const refusedWrites: (TappedWrite & { readonly code: string })[] = [];
  const commands: CephCommand[] = [];
  const refusedCommands: (CephCommand & { readonly code: string })[] = [];
  const reads = new Map<string, number>();
  const questions = new Set<string>();
  const events: string[] = [];
  const count = (what: string): void => void reads.set(what, (reads.get(what) ?? 0) + 1);
  return {
    begin: () => {
      begun = true;
    },
    hasBegun: () => begun,
    write: (write) => (begun ? writes.push(write) : undefined),
    refused: (write, code) => void (begun && refusedWrites.push({ ...write, code })),
    read: (what) => {
      if (begun) count(what);
    },
    event: (what) => void (begun && events.push(what)),
    command: (command) => (begun ? commands.push(command) : undefined),
    commandRefused: (command, code) => void (begun && refusedCommands.push({ ...command, code })),
    ask: ({ prefix }) => {
      if (!begun) return undefined;
      count(`ceph ${prefix}`);
      if (questions.has(prefix)) return undefined;
      return questions.add(prefix).size;
    },
    watchEvent: () => (begun ? ++watchEvents : undefined),
    counts: () => ({
      writes: writes.length,
      commands: commands.length,
      reads: questions.size,
      watchEvents,
      statusWrites: writes.filter(isStatusWrite).length,
    }),
    entries: () => ({
      writes: [...writes],
      refusedWrites: [...refusedWrites],
      commands: [...commands],
      refusedCommands: [...refusedCommands],
      reads: new Map(reads),
      events: [...events],
    }),
  };
}
