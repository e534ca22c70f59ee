/** Answers of Ceph that are taken for something else than they are: what faults of commands and questions bring to light. */
export const mutants = [
  {
    name: "leaves-the-rule-of-a-pool-that-is-gone",
    what: "the CRUSH rule and the profile of a pool go only in the pass that has removed the pool",
    file: "src/pools/remove-pool.ts",
    find: "const pools = await poolDetails(ceph);",
    put: "if (!wasThere) return done;\n  const pools = await poolDetails(ceph);",
    and: [
      {
        file: "src/pools/remove-pool.ts",
        find: "if ((await poolDetails(ceph)).some(({ pool_name }) => pool_name === name)) {",
        put: "const wasThere = (await poolDetails(ceph)).some(({ pool_name }) => pool_name === name);\n  if (wasThere) {",
      },
    ],
    workload: "delete-pool",
    plan: "command:hang",
  },
  {
    name: "takes-a-slow-answer-for-none",
    what: "a question that Ceph has not answered within 10 s counts as answered with nothing",
    file: "src/resource/guarded.ts",
    find: "if (isMutation(command)) await assure();\n        return connection.command(command, options);",
    put: `if (isMutation(command)) await assure();
        const enough = new AbortController();
        const nothing = clock.sleep(10_000, enough.signal).then(() => []);
        nothing.catch(() => {});
        const answer = connection.command(command, options);
        const first = isMutation(command) ? await answer : await Promise.race([answer, nothing]);
        enough.abort();
        return first as never;`,
    workload: "delete-pool",
    plan: "read:slow",
  },
  {
    name: "sets-up-new-pools-only",
    what: "a pool that is there counts as set up: its settings are made only by the pass that creates it",
    file: "src/pools/ensure-pool.ts",
    find: "const plan = planSettings(view, pool, wanted);",
    put: "const plan = wasThere ? { ...planSettings(view, pool, wanted), actions: [] } : planSettings(view, pool, wanted);",
    and: [
      {
        file: "src/pools/ensure-pool.ts",
        find: "let view = await lookAtPool(ceph, wanted);",
        put: "let view = await lookAtPool(ceph, wanted);\n  const wasThere = view.pool !== undefined;",
      },
    ],
    workload: "create-pool",
    plan: "command:kill",
  },
  {
    name: "takes-back-what-timed-out",
    what: "a user whose making timed out is removed again before the next try",
    file: "src/kinds/ceph-client/reconcile.ts",
    find: "const { key } = await authGetOrCreate(ceph, entity, caps, decided.type);",
    put: 'const { key } = await authGetOrCreate(ceph, entity, caps, decided.type).catch(async (error: unknown) => {\n      await ceph.command({ prefix: "auth rm", entity });\n      throw error;\n    });',
    workload: "create-client",
    plan: "command:timeOutAfter",
  },
  {
    name: "takes-a-time-out-for-done",
    what: "a removal that timed out counts as done",
    file: "src/ceph/commands/auth.ts",
    find: 'await ceph.command({ prefix: "auth rm", entity });',
    put: 'await ceph.command({ prefix: "auth rm", entity }).catch((error: unknown) => {\n    if (!isCephError(error, "timedOut")) throw error;\n  });',
    workload: "delete-client",
    plan: "command:timeOutBefore",
  },
  {
    name: "takes-nonsense-for-nothing",
    what: "a user of whom the answer makes no sense counts as not there",
    file: "src/ceph/commands/auth.ts",
    find: 'if (isCephError(error, "ENOENT")) return undefined;',
    put: 'if (isCephError(error, "ENOENT", "EIO")) return undefined;',
    workload: "delete-client",
    plan: "read:garbage",
  },
  {
    name: "takes-silence-for-nothing",
    what: "a user that Ceph was asked for in vain counts as not there",
    file: "src/ceph/commands/auth.ts",
    find: 'if (isCephError(error, "ENOENT")) return undefined;',
    put: 'if (isCephError(error, "ENOENT", "timedOut")) return undefined;',
    workload: "delete-client",
    plan: "read:timeOut",
  },
  {
    name: "takes-back-what-is-slow",
    what: "a user whose making takes longer than 10 s is removed again before the next try",
    file: "src/kinds/ceph-client/reconcile.ts",
    find: "const { key } = await authGetOrCreate(ceph, entity, caps, decided.type);",
    put: `const enough = new AbortController();
    const late = deps.clock.sleep(10_000, enough.signal).then(async () => {
      await ceph.command({ prefix: "auth rm", entity });
      throw new Error("it takes too long");
    });
    late.catch(() => {});
    const { key } = await Promise.race([authGetOrCreate(ceph, entity, caps, decided.type), late]);
    enough.abort();`,
    and: [
      {
        file: "src/kinds/ceph-client/reconcile.ts",
        find: "async function user({ ceph, object }: Pass)",
        put: "async function user({ ceph, object, deps }: Pass)",
      },
    ],
    workload: "create-client",
    plan: "command:slow",
  },
];
