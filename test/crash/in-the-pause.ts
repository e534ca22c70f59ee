import type { CrashWorld } from "./crash-world.ts";

/**
 * A user acts while an operator stands still in the middle of a pass; in plans in which none does, a minute later, when everything is done. Once:
 * what comes of it is to be the same.
 */
export function inThePause(world: CrashWorld, act: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    act();
  };
  world.onPause(once);
  world.clock.after(60_000, once);
}
