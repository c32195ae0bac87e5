import type { Foretold } from "../measure/forecast.ts";
import type { ScenarioResult } from "../measure/rehearsal.ts";
import type { Config } from "../model/config.ts";
import type { KeptRehearsal } from "../store/rehearsals.ts";
import { scenariosLike } from "../topology/scenarios.ts";

/** What the rehearsal promised of a cut: by a scenario that does to the host what the cut does, with the same who watches. undefined: none was
 *  rehearsed. */
export function foretoldBy(
  kept: KeptRehearsal | undefined,
  config: Config,
  watcher: "agent" | "kernel",
): (cut: Pick<ScenarioResult, "id" | "kind">) => Foretold | undefined {
  const known = (watcher === "agent" ? kept?.withAgent : kept?.kernel) ?? [];
  return ({ id, kind }) => {
    if (known.length === 0) return undefined;
    const alike = likesOf(config, id, kind);
    return alike.flatMap((like) => known.find((each) => each.id === like && each.expected === "survives") ?? [])[0];
  };
}

/** "carrier-em1", "silent-em1", "uplink-lte" */
function likesOf(config: Config, id: string, kind: string): readonly string[] {
  if (kind !== "carrier" && kind !== "silent") return [id];
  return scenariosLike(config, { kind, port: id.slice(kind.length + 1) });
}
