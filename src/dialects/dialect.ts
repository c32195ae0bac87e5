import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import type { Origins } from "../diagnostic/origins.ts";
import type { Config, Extra } from "../model/config.ts";
import type { OptionName } from "../model/options.ts";

/** What a dialect read: the meaning, where each part was said, and every problem met on the way. */
export interface Parsed {
  readonly config: Config;
  readonly origins: Origins;
  readonly diagnostics: readonly Diagnostic[];
}

/** One thing the language cannot express, and what follows from that. */
export interface Loss extends Diagnostic {
  /** What is lost, as `model/differences.ts` names it ("bond/bond0/option/fail_over_mac", "interface/eth0/mtu"), or a thing
   *  above it ("interface/eth0"). */
  readonly about: string;
}

export interface Rendered {
  /** Paths absolute as on the host. */
  readonly files: FileSet;
  /** Reported, never dropped in silence: read back, the files differ from the configuration in these things and in no others. */
  readonly losses: readonly Loss[];
  /** Files that hold a secret: to be written with mode 0600. */
  readonly secret?: ReadonlySet<string>;
}

/** Facts about the host that change what the same text means. */
export interface HostFacts {
  /** Bonds that loading the module makes by itself (module parameter max_bonds). systemd ships max_bonds=0. */
  readonly maxBonds: number;
}

/** A language that is read. */
export interface Language {
  readonly name: string;
  /** What it is, for people: "Debian's ifupdown with ifenslave". */
  readonly title: string;
  /** How each bonding option is written, for people ("bond-miimon", "[Bond] MIIMonitorSec="); null where it can't be. */
  readonly spellings: Readonly<Record<OptionName, string | null>>;
  /** Never throws; text it cannot understand becomes diagnostics. Paths are absolute as on the host, e.g. /etc/network/interfaces. */
  parse(files: FileSet, facts?: HostFacts): Parsed;
  /** What this dialect's consumer does by itself where its files say nothing, spelled out in the model's words (NetworkManager:
   *  miimon 100). What the kernel does by itself needs no spelling out. Doing it twice changes nothing. */
  spellOutDefaults(config: Config): Config;
  /** Whether an extra of its own only tells its program how to go about it (its label, who carries it out), or says what it does anyway:
   *  nothing is lost where another program takes over. Absent: none does. */
  isOwnAffair?(extra: Extra): boolean;
  /** What stands in the files, is right there, and goes over to no other language because the model doesn't speak of it. Absent: the
   *  model's extras and hooks hold all of it. */
  leftBehind?(files: FileSet): readonly Diagnostic[];
  /** 0..1: how surely these files are of this dialect, judged by path first, then by text. */
  detect(files: FileSet): number;
}

/** A language that is read and written. */
export interface Dialect extends Language {
  /** Total over any Config. */
  render(config: Config): Rendered;
}
