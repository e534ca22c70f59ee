/** Runs tasks, a few at a time, the rest in the order they came. */
export type Lane = <T>(givenUp: AbortSignal, task: () => Promise<T>) => Promise<T>;

/** A lane in which `width` tasks run at a time. A task that nobody waits for any more when its turn comes is not begun. */
export function createLane(width: number): Lane {
  let free = width;
  const waiting: (() => void)[] = [];
  return async (givenUp, task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      givenUp.throwIfAborted();
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
