import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootId } from "../host/linux/this-process.ts";
import type { Memory } from "./running.ts";

/** What an agent keeps in a directory (in memory, as a rule) for the one that follows should it be killed: which paths answer, and
 *  whether both ports were heard. Of another boot, or unreadable, it is as if nothing were there. */
export function memoryIn(directory: string): Memory {
  const file = join(directory, "answering.json");
  const boot = bootId();
  const recalled = recall(file, boot);
  let now = recalled;
  let kept = "";
  const write = (next: Recalled): void => {
    now = next;
    const text = JSON.stringify({ boot, ...next });
    if (text === kept) return;
    kept = text;
    try {
      writeFileSync(`${file}.new`, text, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch {
      // The next agent finds out by itself.
    }
  };
  return {
    ...recalled,
    keep: (answered) => write({ ...now, answered }),
    keepHeard: (heard) => write({ ...now, heard }),
  };
}

type Recalled = Pick<Memory, "answered" | "heard">;

const nothing: Recalled = { answered: [], heard: "active" };

function recall(file: string, boot: string): Recalled {
  try {
    const said: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof said !== "object" || said === null || !("boot" in said) || !("answered" in said)) return nothing;
    if (said.boot !== boot || boot === "" || !Array.isArray(said.answered)) return nothing;
    const heard = "heard" in said && said.heard === "both" ? "both" : "active";
    return { answered: said.answered.filter((each) => typeof each === "string"), heard };
  } catch {
    return nothing;
  }
}
