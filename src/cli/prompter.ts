import { createInterface } from "node:readline";
import type { Prompter } from "./command.ts";

/** Lines typed at the process's terminal. The terminal's own line editing is used, so that Ctrl-C is the signal that it is everywhere
 *  else; what is typed ahead isn't lost. */
export function prompterOn({ stdin, stdout }: Pick<NodeJS.Process, "stdin" | "stdout">, signal: AbortSignal): Prompter {
  const reader = createInterface({ input: stdin, terminal: false });
  const lines = reader[Symbol.asyncIterator]();
  const stop = (): void => reader.close();
  signal.addEventListener("abort", stop, { once: true });
  return {
    async ask(prompt) {
      stdout.write(prompt);
      const next = signal.aborted ? undefined : await lines.next();
      return next === undefined || next.done === true ? undefined : next.value;
    },
    end() {
      signal.removeEventListener("abort", stop);
      reader.close();
      stdin.unref();
    },
  };
}
