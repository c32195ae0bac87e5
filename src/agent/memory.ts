import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootId } from "../host/linux/this-process.ts";
import type { Memory } from "./running.ts";

/** What an agent keeps in a directory (in memory, as a rule) for the one that follows should it be killed: which paths answer.
 *  Of another boot, or unreadable, it is as if nothing were there. */
export function memoryIn(directory: string): Memory {
  const file = join(directory, "answering.json");
  const boot = bootId();
  let kept = "";
  return {
    answered: recall(file, boot),
    keep(answered) {
      const text = JSON.stringify({ boot, answered });
      if (text === kept) return;
      kept = text;
      try {
        writeFileSync(`${file}.new`, text, { mode: 0o600 });
        renameSync(`${file}.new`, file);
      } catch {
        // The next agent finds out by itself.
      }
    },
  };
}

function recall(file: string, boot: string): readonly string[] {
  try {
    const said: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof said !== "object" || said === null || !("boot" in said) || !("answered" in said)) return [];
    if (said.boot !== boot || boot === "" || !Array.isArray(said.answered)) return [];
    return said.answered.filter((each) => typeof each === "string");
  } catch {
    return [];
  }
}
