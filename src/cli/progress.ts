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
