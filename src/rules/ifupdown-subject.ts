import type { FileSet } from "../diagnostic/diagnostic.ts";
import type { HostFacts } from "../dialects/dialect.ts";
import { interpret } from "../dialects/ifupdown/meaning.ts";
import { readInterfaces } from "../dialects/ifupdown/parse-document.ts";
import type { Config } from "../model/config.ts";
import type { Subject } from "./rule.ts";

/** What is known beside the files themselves. */
export interface Surroundings {
  readonly facts: HostFacts;
  /** Permission bits by path. */
  readonly fileModes?: ReadonlyMap<string, number>;
  /** What the host hangs on, from elsewhere: ifupdown has no words for it. */
  readonly around?: Pick<Config, "topology" | "uplinks">;
}

/** Reads /etc/network/interfaces (and what it sources) into something to judge. Never throws. */
export function ifupdownSubject(files: FileSet, { facts, fileModes, around }: Surroundings): Subject {
  const { document, diagnostics } = readInterfaces(files);
  const { config, origins, story, diagnostics: said } = interpret(document, facts);
  return {
    dialect: "ifupdown",
    files,
    config: { ...config, ...around },
    origins,
    diagnostics: [...diagnostics, ...said],
    ifupdown: { document, story, facts },
    ...(fileModes === undefined ? {} : { fileModes }),
  };
}
