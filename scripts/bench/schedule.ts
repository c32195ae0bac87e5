import { spawnSync } from "node:child_process";
import { setPriority } from "node:os";

/** How a unit has its process scheduled. */
export interface Schedule {
  readonly nice: number;
  /** The command its ExecStartPost= gives, with $MAINPID in it. */
  readonly first: string;
}

/** The agent's schedule, by the words of its unit. Throws where they say nothing of it. */
export function scheduleOf(unit: string): Schedule {
  const [, nice = ""] = /^Nice=(-?\d+)$/m.exec(unit) ?? [];
  const [, first = ""] = /^ExecStartPost=-\+(.+)$/m.exec(unit) ?? [];
  if (nice === "" || first === "") throw new Error("the agent's unit doesn't say how it is scheduled");
  return { nice: Number(nice), first };
}

/** Schedules a process so. Returns why not; "" it is so. */
export function comeFirst(pid: number, { nice, first }: Schedule): string {
  try {
    setPriority(pid, nice);
  } catch {
    return "its unit is root's, and this isn't";
  }
  const [program = "", ...words] = first.replace("$MAINPID", String(pid)).split(" ");
  const done = spawnSync(program, words, { encoding: "utf8" });
  return done.status === 0 ? "" : (done.error?.message ?? done.stderr.trim());
}
