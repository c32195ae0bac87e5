import { join } from "node:path";
import type { Step } from "../plan/change.ts";
import { inside, type Manifest, mostTries, type ProbeResult, regressions } from "../plan/protocol.ts";
import { attempt, trying } from "./disk-problem.ts";
import { finish } from "./finish.ts";
import type { Ports } from "./ports.ts";
import { type RestoredFiles, restoreFiles } from "./restore-files.ts";
import { endLeftover, hasWorked, noteOwner, type Ran, runSteps } from "./run-steps.ts";
import { triesOf } from "./stage.ts";
import { reach, readBaseline, readTransaction, type Transaction } from "./transaction.ts";

/** What came of going back. */
export interface WentBack {
  /** "stuck": some file isn't as it was, or could not be put back often enough; it needs somebody to look. */
  readonly outcome: "rolled-back" | "stuck";
  readonly files: RestoredFiles;
  /** Steps of `restore` that failed; the emergency's were then run too. */
  readonly failedSteps: readonly Ran[];
  /** What worked before the change and doesn't now, although everything is as it was. */
  readonly lost: readonly ProbeResult[];
  /** What could not be tidied up; it will be the next time. */
  readonly untidy?: string;
}

/** "running": the host is up, its network is made what it was. "booting": its network isn't up yet, the files are enough. */
export type When = "running" | "booting";

/** Puts everything back. The decision to has been taken, and the lock is held. Repeatable, from any state in between. */
export async function goBack(
  ports: Ports,
  transaction: Transaction & { readonly manifest: Manifest },
  when: When,
  tell: (step: Step) => void = () => {},
): Promise<WentBack> {
  const { directory, manifest } = transaction;
  noteOwner(ports, "going-back");
  await endLeftover(ports);
  if (when === "booting" && !countTry(ports, directory)) {
    trying(() => reach(ports, transaction, "stuck"));
    return { outcome: "stuck", files: { problems: ["tried too often"], conflicts: [] }, failedSteps: [], lost: [] };
  }
  const how = { until: Number.POSITIVE_INFINITY, goesOn: () => true, tell };
  const [first, rest] = inOrder(manifest, when);
  const reached = await runSteps(ports, first, how);
  // The decision before the files: were it lost, and the files old, the change could still be confirmed.
  trying(() => ports.disk.syncDirectory(directory));
  const files = restoreFiles(ports.disk, directory, manifest);
  const ran = files.problems.length > 0 && when === "running" ? [] : await runSteps(ports, rest, how);
  const failedSteps = [...reached, ...ran].filter((one) => !hasWorked(one));
  // Where that fails, by its backend or for want of the old files, addresses and routes are put back without it.
  const isUnsure = failedSteps.length > 0 || files.problems.length > 0;
  if (when === "running" && isUnsure) await runSteps(ports, manifest.emergency, how);
  const lost = when === "running" ? await lostSince(ports, transaction) : [];
  if (files.problems.length > 0) return { outcome: "stuck", files, failedSteps, lost };
  const marked = attempt(() => reach(ports, transaction, "rolledBack"));
  if (!marked.ok) return { outcome: "stuck", files: { ...files, problems: [marked.error.message] }, failedSteps, lost };
  const untidy = await finish(ports, readTransaction(ports, transaction.id));
  const done = { outcome: "rolled-back", files, failedSteps, lost } as const;
  return untidy === undefined ? done : { ...done, untidy };
}

/** Counts a try in a file's name. False: enough of them. A count that can't be written counts nothing. */
function countTry({ disk }: Ports, directory: string): boolean {
  const listed = attempt(() => disk.list(directory));
  const tries = triesOf(listed.ok ? listed.value : []);
  if (tries >= mostTries) return false;
  trying(() => {
    disk.rename(join(directory, inside.tries(tries)), join(directory, inside.tries(tries + 1)));
    disk.syncDirectory(directory);
  });
  return true;
}

/** What makes the running host what it was: steps that the files needn't be back for, and those that need them. While the host starts, its
 *  network comes up from the files; only what has read them already is told. */
function inOrder({ restore, atBoot }: Manifest, when: When): readonly [readonly Step[], readonly Step[]] {
  const steps = (when === "booting" ? atBoot : restore).map((step) => ({ ...step, onFailure: "go-on" as const }));
  if (when === "booting") return [[], steps];
  return [steps.filter(({ beforeFiles }) => beforeFiles), steps.filter(({ beforeFiles }) => !beforeFiles)];
}

async function lostSince(ports: Ports, transaction: Transaction): Promise<readonly ProbeResult[]> {
  const before = readBaseline(ports, transaction);
  if (before === undefined || before.probes.length === 0) return [];
  return regressions(before.probes, (await ports.probes.baseline()).probes);
}
