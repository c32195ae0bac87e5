import type { Cli } from "../command.ts";

const csi = "\u001b[";
const enter = `${csi}?1049h${csi}?25l`;
const leave = `${csi}?25h${csi}?1049l`;
/** Terminals that know it show what comes between the two at once; the others skip it. */
const begin = `${csi}?2026h`;
const end = `${csi}?2026l`;

/** Draws a view again and again until the signal: on the alternate screen of a terminal, each line over its own old self, so
 *  that nothing flickers, and the terminal is left as it was. Where it isn't a terminal, one view after the other. */
export async function drawUntil(cli: Cli, everyMs: number, draw: () => Promise<string>): Promise<void> {
  const { stdout, signal } = cli;
  if (!stdout.isTerminal) return printUntil(cli, everyMs, draw);
  let last: Size | undefined;
  stdout.write(enter);
  try {
    await repeat(cli, everyMs, async () => {
      const text = await draw();
      if (signal.aborted) return;
      const size = { columns: stdout.columns, rows: stdout.rows ?? 24 };
      const wipe = last === undefined || last.columns !== size.columns || last.rows !== size.rows ? `${csi}2J` : "";
      last = size;
      stdout.write(begin + wipe + frame(text, size.rows) + end);
    });
  } finally {
    stdout.write(leave);
  }
}

/** Prints a text again and again until the signal, one below the other. */
export function printUntil(cli: Cli, everyMs: number, make: () => Promise<string>): Promise<void> {
  return repeat(cli, everyMs, async () => cli.stdout.write(`${await make()}\n`));
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Lines from the top, each wiped to its end after it was written; below the last one everything. A view that is too high
 *  is cut: scrolling would tear it. */
export function frame(text: string, rows: number): string {
  const lines = text.replace(/\n$/, "").split("\n").slice(0, rows);
  return `${csi}H${lines.map((line) => `${line}${csi}K`).join("\r\n")}${csi}J`;
}

async function repeat({ signal }: Cli, everyMs: number, once: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await once();
    await pause(everyMs, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
