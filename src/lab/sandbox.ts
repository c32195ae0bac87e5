import { chownSync, closeSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { assetPath } from "./assets.ts";
import { namelessWith } from "./handover.ts";
import type { Isolation } from "./isolation.ts";
import { executableDirectory, keep, scratchDirectory } from "./scratch.ts";

/** A place for one lab. */
export interface Sandbox {
  /** Directory of the lab's own, as the kernel's process sees it: holds `init` and `job`, takes the guest's memory. */
  readonly scratch: string;
  /** Descriptors to hand over as number 4 and 5, if any. */
  readonly descriptors: readonly number[];
  /** The command that starts another one inside, and ends it when this process ends. */
  readonly wrap: (command: readonly string[]) => readonly string[];
  /** Removes what is left. */
  readonly release: () => Promise<void>;
}

/** What the guest's first process reads. */
export interface Texts {
  readonly init: (scratch: string) => string;
  readonly job: string;
}

/** Makes a place for one lab. `visible`: host paths that must stay in sight inside. */
export function openSandbox(isolation: Isolation, texts: Texts, visible: readonly string[]): Sandbox {
  return isolation.kind === "private" ? privateSandbox(isolation, texts, visible) : plainSandbox(isolation, texts);
}

function privateSandbox(isolation: Isolation, texts: Texts, visible: readonly string[]): Sandbox {
  const scratch = scratchDirectory(visible);
  const enter = [...isolation.enter, "sh", assetPath("assets/lab/sandbox.sh"), scratch];
  const descriptors = [namelessWith(texts.init(scratch)), namelessWith(texts.job)];
  return {
    scratch,
    descriptors,
    wrap: (command) => dyingWithUs([...enter, ...command]),
    release: async () => {
      for (const descriptor of descriptors) closeSync(descriptor);
    },
  };
}

function plainSandbox(isolation: Isolation, texts: Texts): Sandbox {
  const scratch = mkdtempSync(join(executableDirectory(), `holdfast-lab-${process.pid}-`));
  const { release } = keep(scratch);
  for (const [name, text] of [
    ["init", texts.init(scratch)],
    ["job", texts.job],
  ] as const) {
    writeFileSync(join(scratch, name), text, { mode: 0o644 });
  }
  if (isolation.becomes !== undefined) chownSync(scratch, isolation.becomes, isolation.becomes);
  const named = (command: readonly string[]) => ["sh", "-c", nameGroup, "lab", `${scratch}/group`, ...command];
  // Becoming somebody else clears the death signal: it is armed afterwards.
  return { scratch, descriptors: [], wrap: (command) => [...isolation.enter, ...dyingWithUs(named(command))], release };
}

// The keeper's file; the kernel's process leads its group (see boot.ts).
const nameGroup = 'echo "$$" >"$1"; shift; exec "$@"';

// If the parent died before the signal was armed, nobody would send it: compare, then go on.
const onlyUnder = '[ "$PPID" = "$1" ] || exit 125; shift; exec "$@"';

function dyingWithUs(command: readonly string[]): readonly string[] {
  return ["setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", onlyUnder, "lab", String(process.pid), ...command];
}
