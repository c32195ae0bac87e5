import { writeSync } from "node:fs";
import type { Keyboard } from "./command.ts";

/** The keys of the process's terminal, each as it is pressed and none shown. `restore` is what gives the screen back: written also when the process
 *  ends in a way that nobody foresaw. */
export function keyboardOn(host: NodeJS.Process, restore: string): Keyboard {
  const { stdin, stdout } = host;
  let onInput: (text: string) => void = () => {};
  let onRedraw = (): void => {};
  let onEnd = (): void => {};
  const input = (text: string): void => onInput(text);
  const redraw = (): void => onRedraw();
  const gone = (): void => onEnd();
  const last = (): void => {
    try {
      writeSync(stdout.fd, restore);
    } catch {
      // The terminal itself is gone.
    }
  };
  const hangUp = (): void => host.exit(129);
  stdin.setRawMode(true);
  stdin.setEncoding("utf8").on("data", input).on("end", gone).on("error", gone);
  stdout.on("resize", redraw);
  host.on("exit", last);
  host.on("SIGHUP", hangUp);
  return {
    listen(on) {
      onInput = on.input;
      onRedraw = on.redraw;
      onEnd = on.ended;
    },
    interrupt: () => void host.kill(host.pid, "SIGINT"),
    suspend(resumed) {
      stdin.setRawMode(false);
      host.once("SIGCONT", () => {
        stdin.setRawMode(true);
        resumed();
        onRedraw();
      });
      // All that the shell has started with us, as Ctrl-Z does it.
      host.kill(0, "SIGTSTP");
    },
    end() {
      stdin.off("data", input).off("end", gone).off("error", gone);
      stdout.off("resize", redraw);
      host.off("exit", last);
      host.off("SIGHUP", hangUp);
      stdin.setRawMode(false);
      stdin.pause();
      stdin.unref();
    },
  };
}
