import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import type { Origins } from "../diagnostic/origins.ts";
import type { Config } from "../model/config.ts";

/** What a dialect read: the meaning, where each part was said, and every problem met on the way. */
export interface Parsed {
  readonly config: Config;
  readonly origins: Origins;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Rendered {
  readonly files: FileSet;
  /** What the language cannot express: reported, never dropped in silence. */
  readonly losses: readonly Diagnostic[];
}

/** Facts about the host that change what the same text means. */
export interface HostFacts {
  /** Bonds that loading the module makes by itself (module parameter max_bonds). systemd ships max_bonds=0. */
  readonly maxBonds: number;
}

export interface Dialect {
  readonly name: string;
  /** Never throws; text it cannot understand becomes diagnostics. Paths are absolute as on the host, e.g. /etc/network/interfaces. */
  parse(files: FileSet, facts?: HostFacts): Parsed;
  /** Total over any Config. */
  render(config: Config): Rendered;
  /** 0..1: how surely these files are of this dialect, judged by path first, then by text. */
  detect(files: FileSet): number;
}
