import type { Output } from "./command.ts";

/** One line on a terminal that says what goes on, replaced by the next and erased at the end. */
export interface Progress {
  say(text: string): void;
  end(): void;
}

/** Progress on a terminal; silence where it isn't one, so that logs and pipes stay clean. */
export function progressOn(output: Output): Progress {
  if (!output.isTerminal) return { say: () => {}, end: () => {} };
  let shown = false;
  return {
    say(text) {
      // One column is left free: a full line makes some terminals scroll.
      const line = text.replaceAll(/\s+/g, " ").slice(0, output.columns - 1);
      output.write(`\r\u001b[2K${line}`);
      shown = true;
    },
    end() {
      if (shown) output.write("\r\u001b[2K");
      shown = false;
    },
  };
}

/** Progress that says nothing in its first second: most work is done by then, and a line that only flashes is noise. `now`: ms. */
export function lateProgressOn(output: Output, now: () => number = () => performance.now()): Progress {
  const progress = progressOn(output);
  const from = now() + 1000;
  return { end: progress.end, say: (text) => (now() < from ? undefined : progress.say(text)) };
}

/** Such progress of a check of so many paths. */
export function checkProgressOn(
  output: Output,
  total: number,
): { readonly tell: (count: number) => void; readonly end: () => void } {
  const { say, end } = lateProgressOn(output);
  return { tell: (count) => say(`checked ${count} of ${total}`), end };
}
