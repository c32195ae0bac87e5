import { parseHoldfast } from "../config/parse-holdfast.ts";
import type { Config } from "../model/config.ts";
import { asShown, type Shown } from "./shown.ts";
import { alone, readSubject } from "./subject.ts";

/** What a holdfast.yaml says of the world around a host whose own configuration is written elsewhere. */
export interface TopologyFile {
  readonly around: Pick<Config, "topology" | "uplinks">;
  readonly config: Config;
  readonly shown: Shown;
  /** False: there was nothing to read, and `shown` says why. */
  readonly isRead: boolean;
}

/** Reads the file that --topology names. */
export async function readTopology(path: string, cwd: string): Promise<TopologyFile> {
  const subject = alone(await readSubject(path, cwd));
  const text = subject.file === undefined ? undefined : subject.files.get(subject.file);
  const { config, diagnostics } = parseHoldfast(subject.file ?? path, text ?? "");
  const { topology, uplinks } = config;
  const isRead = text !== undefined;
  return {
    around: { ...(topology === undefined ? {} : { topology }), uplinks },
    config,
    shown: asShown(subject, isRead || subject.diagnostics.length === 0 ? diagnostics : []),
    isRead,
  };
}
