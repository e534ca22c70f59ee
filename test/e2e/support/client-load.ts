import { toolbox } from "./ceph-cluster.ts";
import script from "./client-load.py";
import { eventually } from "./eventually.ts";

/** What a client saw: how many objects it wrote, what was not as it was written, and how many seconds it waited at most, and since when. */
export interface ClientLoad {
  readonly written: number;
  readonly bad: readonly string[];
  readonly longestWrite: readonly [seconds: number, at: string];
  readonly longestRead: readonly [seconds: number, at: string];
}

const folder = "/tmp/client-load";

/** Starts a client in the toolbox that writes to a pool and reads back what it wrote, all the time. */
export async function startClientLoad(pool: string): Promise<void> {
  await toolbox(["/bin/bash", "-c", `rm -rf ${folder}; mkdir ${folder}; cat >${folder}/load.py`], { input: script });
  await toolbox(["/bin/bash", "-c", `cd ${folder}; nohup python3 load.py ${pool} ${folder} >log 2>&1 </dev/null & disown`]);
  await eventually("the client works", () => toolbox(["test", "-e", `${folder}/started`]));
}

/** Ends it, has it look at everything it wrote once more, and gives what it saw. */
export async function endClientLoad(): Promise<ClientLoad> {
  await toolbox(["touch", `${folder}/stop`]);
  return eventually(
    "the client has looked at all it wrote",
    async () => JSON.parse(await toolbox(["cat", `${folder}/result.json`])) as ClientLoad,
    {
      seconds: 120,
    },
  );
}
