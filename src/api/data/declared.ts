import { readConfig } from "../../host/linux/read-config.ts";
import type { Config } from "../../model/config.ts";
import { emptyConfig } from "../../model/config.ts";
import { type KeptRehearsal, lastRehearsal } from "../../store/rehearsals.ts";
import { audit } from "../../topology/audit/audit.ts";
import type { AuditAnswer, WhatIfFault } from "../dashboard.ts";
import { auditDocument, placesOf, unplaced } from "./audit-document.ts";
import { fileStamp } from "./file-stamp.ts";
import { type Picture, pictureOf } from "./topology-document.ts";
import { whatIf } from "./what-if.ts";

/** What is worked out of holdfast.yaml and the rehearsals: each once, until a file changes. */
export interface Declared {
  picture(): Promise<{ readonly picture: Picture; readonly problem: string }>;
  faults(): Promise<readonly WhatIfFault[]>;
  audit(): Promise<AuditAnswer>;
  rehearsal(): Promise<KeptRehearsal | undefined>;
  /** Which files are in force, as a text to compare. */
  stamp(): string;
}

export interface DeclaredPlaces {
  /** holdfast.yaml */
  readonly config: string;
  /** Directories, the first that has one. */
  readonly rehearsals: readonly string[];
  /** The root whose /sys says where the ports are plugged in. */
  readonly hardware: string;
}

interface Known {
  readonly config: Config;
  /** Why the file as it is now declares nothing; "" it does. */
  readonly problem: string;
  readonly kept: KeptRehearsal | undefined;
  readonly faults: readonly WhatIfFault[];
  readonly picture: Picture;
  audit?: Promise<AuditAnswer>;
}

/** Reads when it is asked. A file with mistakes, or none, declares nothing: then the last good one stays, where there was one. */
export function declaredIn(places: DeclaredPlaces): Declared {
  let known: Promise<Known> | undefined;
  let stampKnown = "";
  const stamp = (): string => [places.config, ...places.rehearsals].map(fileStamp).join("\n");
  const look = (): Promise<Known> => {
    const now = stamp();
    if (known === undefined || now !== stampKnown) {
      const before = known;
      stampKnown = now;
      known = workOut(places, before);
    }
    return known;
  };
  return {
    async picture() {
      const { picture, problem } = await look();
      return { picture, problem };
    },
    faults: async () => (await look()).faults,
    rehearsal: async () => (await look()).kept,
    async audit() {
      const all = await look();
      all.audit ??= auditOf(places, all.config);
      return all.audit;
    },
    stamp,
  };
}

async function workOut(places: DeclaredPlaces, before: Promise<Known> | undefined): Promise<Known> {
  const read = await readConfig(places.config);
  const config = read.ok ? read.value : ((await before)?.config ?? emptyConfig);
  const kept = lastRehearsal(places.rehearsals, config);
  const faults = whatIf(config, kept);
  const problem = read.ok ? "" : `${places.config} declares nothing: ${read.error}`;
  return { config, problem, kept, faults, picture: pictureOf(config, faults) };
}

async function auditOf({ hardware }: DeclaredPlaces, config: Config): Promise<AuditAnswer> {
  const placed = await placesOf(config, hardware);
  const found = audit(config, placed);
  const document = auditDocument({ ...found, notes: [...found.notes, ...unplaced(config, placed)] });
  return { ...document, isPlaced: placed.length > 0 };
}
