import { Writable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import { KubeError } from "../kube/kube-error.ts";
import type { Logger } from "../kube/logger.ts";
import { createWinstonLogger, type WinstonLoggerOptions } from "./logging.ts";

const now = Date.UTC(2026, 0, 1, 12, 0, 0, 5);

function setUp(options: Partial<WinstonLoggerOptions> = {}): {
  log: Logger;
  lines: () => string[];
  entries: () => Record<string, unknown>[];
} {
  let text = "";
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const log = createWinstonLogger({ level: "debug", format: "json", stream, clock: { now: () => now }, ...options });
  const lines = (): string[] => text.split("\n").slice(0, -1);
  return { log, lines, entries: () => lines().map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe("the JSON log", () => {
  test("has time, level, message and fields, those of the parent included", () => {
    const { log, entries } = setUp();
    log.child({ controller: "widget" }).child({ name: "one" }).info("Pass done", { ms: 5 });
    expect(entries()).toEqual([
      { time: "2026-01-01T12:00:00.005Z", level: "info", message: "Pass done", controller: "widget", name: "one", ms: 5 },
    ]);
  });

  test("leaves out what is less important than its level", () => {
    const { log, entries } = setUp({ level: "warn" });
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(entries().map(({ message }) => message)).toEqual(["c", "d"]);
  });

  test("keeps the message apart from a field of that name", () => {
    const { log, entries } = setUp();
    log.info("Constant", { message: "from a field", level: 3, time: "then" });
    expect(entries()).toEqual([
      { time: "2026-01-01T12:00:00.005Z", level: "info", message: "Constant", message_: "from a field", level_: 3, time_: "then" },
    ]);
  });

  test("tells errors with their codes and the chain of their causes", () => {
    const { log, entries } = setUp();
    const cause = Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" });
    log.error("Failed", { error: new KubeError("unreachable", "Cannot list pods", { cause }) });
    expect(entries()[0]?.["error"]).toEqual({
      name: "KubeError",
      message: "Cannot list pods",
      code: "unreachable",
      cause: { name: "Error", message: "connect refused", code: "ECONNREFUSED" },
    });
  });

  test("tells where an error without a code came from", () => {
    const { log, entries } = setUp();
    log.error("Failed", { error: new TypeError("x is not a function") });
    const error = entries()[0]?.["error"] as { stack: string };
    expect(error.stack).toMatch(/^\s+at /);
    expect(error.stack).not.toContain("x is not a function");
  });

  test("writes what JSON cannot hold", () => {
    const { log, entries } = setUp();
    const loop: Record<string, unknown> = { a: 1 };
    loop["self"] = loop;
    log.info("Odd", {
      loop,
      big: 12n,
      map: new Map([["k", 1]]),
      set: new Set([1]),
      bytes: new Uint8Array(3),
      date: new Date(now),
      fn: () => 1,
    });
    expect(entries()[0]).toMatchObject({
      loop: { a: 1, self: "[circular]" },
      big: "12",
      map: { k: 1 },
      set: [1],
      bytes: "[3 bytes]",
      date: "2026-01-01T12:00:00.005Z",
    });
  });

  test("cuts what has no end", () => {
    const { log, entries } = setUp();
    let deep: object = {};
    for (let level = 0; level < 50; level++) deep = { deep };
    log.info("Much", { deep, list: Array.from({ length: 1000 }, (_, index) => index) });
    expect(JSON.stringify(entries()[0]).length).toBeLessThan(1000);
    expect(entries()[0]?.["list"]).toHaveLength(101);
  });
});

describe("what is logged", () => {
  // Header bytes as in the real thing, and zeros for the secret.
  const keyOf = (type: number, length: number): string => {
    const bytes = Buffer.alloc(12 + length);
    bytes.writeUInt16LE(type, 0);
    bytes.writeUInt32LE(1_767_225_600, 2);
    bytes.writeUInt16LE(length, 10);
    return bytes.toString("base64");
  };

  test.each<[string, string]>([
    ["a key of type 1", keyOf(1, 16)],
    ["a key of type 2", keyOf(2, 32)],
    ["a JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"],
    ["a bearer token", "Bearer abc.def-ghi"],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----"],
  ])("never has %s in it, wherever it stands", (_what, secret) => {
    const { log, lines } = setUp();
    log.info(`message ${secret}`, {
      text: `key = ${secret}, and more`,
      list: [secret],
      error: new Error(`got ${secret}`, { cause: new Error(secret) }),
    });
    const hidden = secret.replace("Bearer ", "");
    for (const part of hidden.split("\n")) expect(lines().join("\n")).not.toContain(part);
    expect(lines().join("\n")).toContain("[redacted]");
    expect(lines().join("\n")).toContain(", and more");
  });

  test.each(["key", "keyring", "secret", "token", "password", "Authorization", "adminKey", "access_token"])(
    "never has a value called %s",
    (name) => {
      const { log, entries } = setUp();
      log.info("Said", { [name]: "hush", inside: { [name]: { a: "hush" } } });
      expect(entries()[0]).toMatchObject({ [name]: "[redacted]", inside: { [name]: "[redacted]" } });
    },
  );

  test("still has names and numbers that only sound like secrets", () => {
    const { log, entries } = setUp();
    const fields = { secretName: "one-keys", monkey: "ape", tokens: 5, hash: "0123456789abcdef0123456789abcdef01234567" };
    log.info("Said", fields);
    expect(entries()[0]).toMatchObject(fields);
  });
});

describe("the text log", () => {
  test("has one line an entry, with what has spaces in quotes", () => {
    const { log, lines } = setUp({ format: "text" });
    log.warn("Pod is late", { pod: "mon-a", why: "no node fits", seconds: 12, list: ["a"], nothing: undefined });
    expect(lines()).toEqual(['2026-01-01T12:00:00.005Z warn  Pod is late pod=mon-a why="no node fits" seconds=12 list=["a"]']);
  });

  test("has the chain of an error's causes in a sentence, and stacks on lines of their own", () => {
    const { log, lines } = setUp({ format: "text" });
    log.error("Failed", { error: new KubeError("unreachable", "Cannot list pods", { cause: new Error("gone") }) });
    expect(lines()[0]).toBe('2026-01-01T12:00:00.005Z error Failed error="KubeError unreachable: Cannot list pods; caused by Error: gone"');
    expect(lines()[1]).toMatch(/^ {4}at /);
  });
});
