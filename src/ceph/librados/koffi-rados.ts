import { createRequire } from "node:module";
import type * as koffiModule from "koffi";
import type { KoffiFunction } from "koffi";
import type { CephAnswer } from "../answer.ts";
import type { CephTarget } from "../target.ts";
import type { Rados, RadosHandle } from "./rados.ts";

type Koffi = typeof koffiModule;

const answers = "_Out_ void **outbuf, _Out_ size_t *outbuflen, _Out_ void **outs, _Out_ size_t *outslen";
const request = `const char **cmd, size_t cmdlen, const uint8_t *inbuf, size_t inbuflen, ${answers}`;

/**
 * librados through koffi. Loads the library now, and koffi with it: it is a native module, so nobody who does not need it shall.
 * Throws an `Error` that says what to install where either is missing.
 */
export function loadRados(library = "librados.so.2"): Rados {
  const koffi = loadKoffi();
  const lib = loadLibrary(koffi, library);
  const functions = {
    create: lib.func("int rados_create2(_Out_ void **cluster, const char *cluster_name, const char *name, uint64_t flags)"),
    set: lib.func("int rados_conf_set(void *cluster, const char *option, const char *value)"),
    connect: lib.func("int rados_connect(void *cluster)"),
    mon: lib.func(`int rados_mon_command(void *cluster, ${request})`),
    namedMon: lib.func(`int rados_mon_command_target(void *cluster, const char *name, ${request})`),
    mgr: lib.func(`int rados_mgr_command(void *cluster, ${request})`),
    osd: lib.func(`int rados_osd_command(void *cluster, int osdid, ${request})`),
    free: lib.func("void rados_buffer_free(void *buffer)"),
    shutdown: lib.func("void rados_shutdown(void *cluster)"),
  };

  /** Copies one of librados' buffers and frees it. */
  const take = (pointer: unknown, length: number): string => {
    if (pointer === null) return "";
    try {
      return length === 0 ? "" : Buffer.from(koffi.view(pointer, length)).toString("utf8");
    } finally {
      functions.free(pointer);
    }
  };

  const command = async (call: KoffiFunction, leading: readonly unknown[], json: string, input: string): Promise<CephAnswer> => {
    const bytes = Buffer.from(input);
    const [outbuf, outbuflen, outs, outslen]: [unknown[], number[], unknown[], number[]] = [[null], [0], [null], [0]];
    const ret = await inBackground<number>(call, [...leading, [json], 1, bytes, bytes.length, outbuf, outbuflen, outs, outslen]);
    const out = take(outbuf[0], Number(outbuflen[0]));
    return { ret, out, outs: take(outs[0], Number(outslen[0])) };
  };

  const handleOf = (cluster: unknown): RadosHandle => ({
    set: (option, value) => functions.set(cluster, option, value) as number,
    connect: () => inBackground<number>(functions.connect, [cluster]),
    command: (target, json, input) => {
      const [call, leading] = callFor(target);
      return command(call, [cluster, ...leading], json, input);
    },
    shutdown: () => inBackground(functions.shutdown, [cluster]),
  });

  const callFor = (target: CephTarget): [KoffiFunction, unknown[]] => {
    switch (target.type) {
      case "mon":
        return [functions.mon, []];
      case "namedMon":
        return [functions.namedMon, [target.name]];
      case "mgr":
        return [functions.mgr, []];
      case "osd":
        return [functions.osd, [target.id]];
    }
  };

  return {
    create: (user) => {
      const cluster: unknown[] = [null];
      const ret = functions.create(cluster, "ceph", user, 0) as number;
      if (ret < 0) throw new Error(`rados_create2 failed with errno ${-ret}`);
      return handleOf(cluster[0]);
    },
  };
}

function inBackground<T>(call: KoffiFunction, parameters: readonly unknown[]): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    call.async(...parameters, (error: Error | null, result: T) => (error === null ? resolve(result) : reject(error)));
  });
}

function loadKoffi(): Koffi {
  try {
    return createRequire(import.meta.url)("koffi") as Koffi;
  } catch (cause) {
    throw new Error(
      "the module koffi cannot be loaded, which talking to Ceph in the cluster needs: run npm ci, or put it beside the bundle",
      {
        cause,
      },
    );
  }
}

function loadLibrary(koffi: Koffi, library: string): ReturnType<Koffi["load"]> {
  try {
    return koffi.load(library);
  } catch (cause) {
    throw new Error(
      `${library} cannot be loaded, which talking to Ceph in the cluster needs: install librados2 (Debian) or librados2.x86_64`,
      {
        cause,
      },
    );
  }
}
