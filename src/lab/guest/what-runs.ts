import { readdirSync, readFileSync } from "node:fs";

/** The command something waits for. */
export interface Running {
  readonly command: string;
  /** Of which interface and in which phase: what ifupdown tells its hooks. */
  readonly interface?: string;
  readonly phase?: string;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly isDead: boolean;
}

/** What a process is waiting for: the last of its children's children that lives, itself if it has none. Read from /proc. */
export function whatRuns(pid: number): Running {
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
  let at = pid;
  for (;;) {
    const child = all.findLast(({ parent, isDead }) => parent === at && !isDead);
    if (child === undefined) break;
    at = child.pid;
  }
  const environment = new Map(readList(at, "environ").map((entry) => splitOnce(entry)));
  const [dev, phase] = [environment.get("IFACE"), environment.get("PHASE")];
  return {
    command: commandText(readList(at, "cmdline")),
    // ifupdown calls "everything" so, before and after the interfaces.
    ...(dev === undefined || dev === "--all" ? {} : { interface: dev }),
    ...(phase === undefined ? {} : { phase }),
  };
}

/** A command as its author wrote it: what a shell was told with -c is his own text. */
export function commandText(words: readonly string[]): string {
  const [program = "", flag, text] = words;
  const isShell = /(^|\/)(ba|da)?sh$/.test(program) && flag === "-c";
  return (isShell ? (text ?? "") : words.join(" ")).trim().slice(0, 200);
}

function readProcess(pid: number): readonly Process[] {
  const stat = readText(`/proc/${pid}/stat`);
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return parent === undefined ? [] : [{ pid, parent: Number(parent), isDead: state === "Z" || state === "X" }];
}

function readList(pid: number, name: "cmdline" | "environ"): readonly string[] {
  return readText(`/proc/${pid}/${name}`)
    .split("\0")
    .filter((part) => part !== "");
}

function splitOnce(entry: string): [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}

/** It may have ended meanwhile: then there is nothing to be read. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
