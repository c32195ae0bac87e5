import { readdirSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** As the dashboard's unit has it. */
const politeNice = 10;

/** Lets others have the processor first: this process, with the threads it has and will have. Nothing happens where it is as polite
 *  already. Source: setpriority(2), which on Linux is about one thread. */
export function standBack(): void {
  for (const thread of readdirSync("/proc/self/task").map(Number)) {
    try {
      if (getPriority(thread) < politeNice) setPriority(thread, politeNice);
    } catch {
      // It has ended meanwhile.
    }
  }
}
