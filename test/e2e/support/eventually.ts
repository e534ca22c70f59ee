export interface EventuallyOptions {
  /** Seconds until it is given up; 60 unless set. */
  readonly seconds?: number;
  /** Milliseconds between two attempts; 500 unless set. */
  readonly everyMs?: number;
}

/**
 * Tries until an attempt does not throw, and gives its result. Rejects after the time limit, with what was awaited and the last
 * attempt's reason: so an attempt is a row of expectations about the world as it should become.
 */
export async function eventually<T>(what: string, attempt: () => Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const seconds = options.seconds ?? 60;
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`not so after ${seconds} s: ${what}. Last seen: ${reason}`, { cause: error });
      }
    }
    await rest(options.everyMs ?? 500);
  }
}

/** Real time passing, for what can only be seen by waiting. */
export function rest(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
