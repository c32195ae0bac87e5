import type { Backend } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { costs } from "../interruption.ts";
import { liveActs } from "../live-acts.ts";
import { removals } from "./removals.ts";
import { endOfLoan, homeOf, wayHome } from "./way-home.ts";

/** ifreload compares the files with what it brought up last, and changes what differs: it needs no word about what. */
function reload(why: string, onFailure: Step["onFailure"]): Step {
  return { argv: ["ifreload", "-a"], limitSeconds: 75, why, onFailure };
}

/** ifupdown2: what the kernel takes is set by ip beforehand, so that ifreload finds it done. */
export const ifupdown2Backend: Backend = (situation) => {
  const after = reload("Lets ifupdown2 make the host what its files say", "stop");
  const back = reload("Lets ifupdown2 make the host what its old files say", "stop");
  if (rebuilt(situation).length === 0) {
    const joining = { join: () => after, leave: () => after };
    const acts = liveActs(situation, joining, { restored: [back] });
    const isByIp = [...situation.bonds.values()].every(
      ({ turn, changedPorts }) =>
        changedPorts.length === 0 && (turn.kind !== "live" || turn.join.length + turn.leave.length === 0),
    );
    // Ports come and go by the new files alone.
    return isByIp ? acts : { ...acts, quiesce: [], converge: [after] };
  }
  const home = homeOf(situation, "ifupdown");
  return {
    quiesce: [],
    converge: [after],
    // On its way home the host has left the bond already.
    restore: home === undefined ? [...removals(situation), back] : [wayHome(home), back, endOfLoan(home)],
    interruption: costs("ifupdown2", situation),
  };
};
