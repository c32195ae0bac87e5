import type { Situation } from "../backend.ts";
import type { Step } from "../change.ts";
import { ipStep } from "../kernel-steps.ts";

/** Takes bonds away that are to be made anew, with the old files or the new: no manager takes back a bond its files no longer know, and
 *  none changes the mode of one that is there. */
export function removals(situation: Situation, onFailure: Step["onFailure"] = "go-on"): readonly Step[] {
  return [...situation.bonds].flatMap(([name, { turn }]) =>
    turn.kind === "rebuild"
      ? [ipStep(["link", "del", "dev", name], `Removes ${name}, which frees its ports`, onFailure)]
      : [],
  );
}

/** The same for bonds that run now: of one that isn't there yet nothing has to be removed. */
export function removalsOfRunning(situation: Situation): readonly Step[] {
  const running = new Set(situation.host.bonds.map(({ name }) => name));
  const bonds = new Map([...situation.bonds].filter(([name]) => running.has(name)));
  return removals({ ...situation, bonds }, "stop");
}
