import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Rehearsal, ScenarioResult, Verdict } from "../measure/rehearsal.ts";
import type { StatusProof } from "../report/status-input.ts";

/** Drills of this host as they went: a line each for the trend, and the last ones whole. */
export const drillsDirectory = "/var/lib/holdfast/drills";

/** A drill in short. */
export interface DrillRecord {
  /** Wall clock, ms since 1970, when it ended. */
  readonly at: number;
  readonly verdict: Verdict;
  /** Holdfast's agent watched the bond. */
  readonly agent: boolean;
  readonly cuts: readonly CutRecorded[];
}

export interface CutRecorded {
  /** "carrier-em1" */
  readonly id: string;
  readonly verdict: Verdict;
  /** The longer direction, ms; null: it never ended while watched. */
  readonly outageMs: number | null;
  readonly backMs: number | null;
  readonly uncertaintyMs: number;
}

/** Lines kept, and whole results: a weekly drill for ten years, and its last one. */
const mostLines = 500;
const mostWhole = 50;
const historyName = "history.jsonl";

/** Keeps a drill. Throws what the disk says. */
export function keepDrill(directory: string, rehearsal: Rehearsal, at: number): void {
  mkdirSync(directory, { recursive: true, mode: 0o750 });
  const record = recordOf(rehearsal, at);
  replace(join(directory, `${at}.json`), `${JSON.stringify(rehearsal)}\n`);
  const lines = [...readDrills(directory), record].slice(-mostLines).map((each) => JSON.stringify(each));
  replace(join(directory, historyName), `${lines.join("\n")}\n`);
  const whole = readdirSync(directory).filter((name) => /^\d+\.json$/.test(name));
  const old = whole.toSorted((one, other) => Number.parseInt(other, 10) - Number.parseInt(one, 10)).slice(mostWhole);
  for (const name of old) rmSync(join(directory, name), { force: true });
}

/** A drill in short. `at`: wall clock, ms since 1970. */
export function recordOf(rehearsal: Rehearsal, at: number): DrillRecord {
  return {
    at,
    verdict: rehearsal.verdict,
    agent: rehearsal.agent === true,
    cuts: rehearsal.scenarios.map((each) => ({
      id: each.id,
      verdict: each.verdict,
      outageMs: longer(each.outageMs),
      backMs: longer(each.reselectMs),
      uncertaintyMs: each.uncertaintyMs,
    })),
  };
}

/** Every drill kept, the oldest first. None where there is nothing to read; a broken line is left out. */
export function readDrills(directory: string): readonly DrillRecord[] {
  let text = "";
  try {
    text = readFileSync(join(directory, historyName), "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      const value = JSON.parse(line) as DrillRecord;
      return typeof value.at === "number" && Array.isArray(value.cuts) ? [value] : [];
    } catch {
      return [];
    }
  });
}

/** What drills have last proven of the host: by the latest one. undefined: there was none. */
export function proofOf(drills: readonly DrillRecord[]): StatusProof | undefined {
  const last = drills.at(-1);
  if (last === undefined) return undefined;
  const weight = ({ verdict, outageMs }: CutRecorded): number => (verdict === "missed" ? 1e12 : 0) + (outageMs ?? 1e11);
  const worst = last.cuts.toSorted((one, other) => weight(other) - weight(one))[0];
  return { at: last.at, verdict: last.verdict, outageMs: worst?.outageMs ?? null, cut: worst?.id ?? "" };
}

/** The proof, read again only when there is another drill: for those who ask several times a second. */
export function proofReader(directory: string): () => StatusProof | undefined {
  let known = "";
  let proof: StatusProof | undefined;
  return () => {
    const about = statSync(join(directory, historyName), { throwIfNoEntry: false });
    const now = about === undefined ? "" : `${about.ino} ${about.mtimeMs} ${about.size}`;
    if (now !== known) proof = proofOf(readDrills(directory));
    known = now;
    return proof;
  };
}

function longer({ toHost, fromHost }: ScenarioResult["outageMs"]): number | null {
  return toHost === null || fromHost === null ? null : Math.max(toHost, fromHost);
}

/** A reader, or a power cut, finds the old one or the new one. */
function replace(path: string, text: string): void {
  const part = `${path}.part`;
  writeFileSync(part, text, { mode: 0o640 });
  renameSync(part, path);
}
