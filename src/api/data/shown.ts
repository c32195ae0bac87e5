import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rehearsal } from "../../measure/rehearsal.ts";
import { readDrills } from "../../store/drills.ts";
import { readRehearsals } from "../../store/rehearsals.ts";
import type { DrillStart, DrillsDocument, RehearsalsDocument } from "../dashboard.ts";
import type { Declared } from "./declared.ts";

const mostBytes = 8 << 20;

/** GET drills. */
export function drillsDocument(directory: string, start: DrillStart): DrillsDocument {
  return { drills: readDrills(directory), latest: latestIn(directory), start };
}

/** GET rehearsals. `command`: what makes one. */
export async function rehearsalsDocument(
  declared: Declared,
  directories: readonly string[],
  command: string,
): Promise<RehearsalsDocument> {
  const kept = await declared.rehearsal();
  return {
    kernel: kept?.kernel ?? [],
    withAgent: kept?.withAgent ?? [],
    trend: directories.flatMap(readRehearsals).toSorted((one, other) => one.at - other.at),
    command,
  };
}

/** The latest drill, whole; null: none is kept, or it can't be read. */
function latestIn(directory: string): Rehearsal | null {
  try {
    const names = readdirSync(directory).filter((name) => /^\d{1,15}\.json$/.test(name));
    const [latest] = names.toSorted((one, other) => Number.parseInt(other, 10) - Number.parseInt(one, 10));
    return latest === undefined ? null : readWhole(join(directory, latest));
  } catch {
    return null;
  }
}

function readWhole(path: string): Rehearsal | null {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const about = fstatSync(file);
    if (!about.isFile() || about.size > mostBytes) return null;
    const value = JSON.parse(readFileSync(file, "utf8")) as Rehearsal | null;
    return Array.isArray(value?.scenarios) ? value : null;
  } finally {
    closeSync(file);
  }
}
