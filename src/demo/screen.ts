import { clearScreenDown, cursorTo, moveCursor } from "node:readline";
import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { DaemonCount, Happening } from "./narrator.ts";

/** Where the demo shows what happens. */
export interface Screen {
  /** Something happened, `seconds` after the start. */
  tell(happening: Happening, seconds: number): void;
  /** How far everything is; a live screen keeps it in sight. */
  show(picture: Picture): void;
  /** Text for a person to read at leisure. */
  say(text: string): void;
  /** Leaves what was shown as it is. */
  end(): void;
}

/** The cluster at a glance. */
export interface Picture {
  readonly seconds: number;
  readonly phase: string;
  readonly message: string;
  readonly daemons: readonly DaemonCount[];
}

type Style = Parameters<typeof styleText>[0];

const colours: Readonly<Record<Happening["about"], Style>> = {
  cluster: "cyan",
  user: "bold",
  pod: "gray",
  node: "magenta",
  event: "green",
  warning: "yellow",
};

/** A live screen on a terminal, plain lines elsewhere. */
export function createScreen(out: NodeJS.WriteStream): Screen {
  return out.isTTY ? liveScreen(out) : plainScreen(out);
}

function lineOf({ about, text }: Happening, seconds: number, style: (about: Happening["about"], text: string) => string): string {
  return `${seconds.toFixed(1).padStart(7)}s  ${style(about, about.padEnd(8))} ${text}`;
}

function plainScreen(out: NodeJS.WritableStream): Screen {
  return {
    tell: (happening, seconds) => void out.write(`${lineOf(happening, seconds, (_about, text) => text)}\n`),
    show: () => {},
    say: (text) => void out.write(`${text}\n`),
    end: () => {},
  };
}

/** Lines scroll by above a picture that is drawn over and over. */
function liveScreen(out: WriteStream): Screen {
  const styled = (about: Happening["about"], text: string) => styleText(colours[about], text);
  let picture: Picture | undefined;
  let drawn = 0;
  const wipe = (): void => {
    if (drawn === 0) return;
    moveCursor(out, 0, -drawn);
    cursorTo(out, 0);
    clearScreenDown(out);
    drawn = 0;
  };
  const draw = (): void => {
    if (picture === undefined) return;
    const lines = render(picture, out.columns || 100);
    out.write(`${lines.join("\n")}\n`);
    drawn = lines.length;
  };
  const above = (text: string): void => {
    wipe();
    out.write(`${text}\n`);
    draw();
  };
  return {
    tell: (happening, seconds) => above(cut(lineOf(happening, seconds, styled), (out.columns || 100) + 9)),
    show: (next) => {
      picture = next;
      wipe();
      draw();
    },
    say: above,
    end: () => {
      picture = undefined;
    },
  };
}

function render({ seconds, phase, message, daemons }: Picture, columns: number): string[] {
  const isReady = phase === "Ready";
  const dots = (count: DaemonCount) =>
    count.all > 30
      ? `${count.ready}/${count.all}`
      : styleText("green", "●".repeat(count.ready)) + styleText("gray", "○".repeat(Math.max(0, count.all - count.ready)));
  return [
    styleText("gray", "─".repeat(Math.min(columns - 1, 100))),
    cut(
      `${seconds.toFixed(0).padStart(5)}s  ${styleText(isReady ? ["green", "bold"] : ["cyan", "bold"], phase)}  ${message}`,
      columns + 15,
    ),
    `        ${daemons.map((count) => `${count.type}s ${dots(count)}`).join("   ")}`,
  ];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
