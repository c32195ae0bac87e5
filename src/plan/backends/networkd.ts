import type { Acts, Backend, Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { costs } from "../interruption.ts";
import { liveActs } from "../live-acts.ts";
import { removals, removalsOfRunning } from "./removals.ts";

const limitSeconds = 45;

function networkctl(words: readonly string[], why: string, onFailure: Step["onFailure"] = "stop"): Step {
  return { argv: ["networkctl", ...words], limitSeconds, why, onFailure };
}

/** systemd-networkd: options of a running bond are set by ip, as networkd reads a .netdev only when it makes the device; the next boot
 *  reads the new files. Networks are reconfigured by a reload, which touches only links whose files changed. */
export const networkdBackend: Backend = (situation) => networkdActs(situation, []);

/** The same with steps that bring networkd's own files up to date first, as netplan needs. */
export function networkdActs(situation: Situation, regenerate: readonly Step[]): Acts {
  const anew = rebuilt(situation);
  const names = [...situation.merged.names];
  const reload = networkctl(["reload"], "Tells systemd-networkd to read its files again");
  const reloadBack = networkctl(["reload"], "Tells systemd-networkd to read the old files again");
  if (anew.length === 0) {
    const joining = { join: () => reload, leave: () => reload };
    const acts = liveActs(situation, joining, { restored: regenerate });
    const isByIp = [...situation.bonds.values()].every(
      ({ turn, changedPorts }) =>
        changedPorts.length === 0 && (turn.kind !== "live" || turn.join.length + turn.leave.length === 0),
    );
    if (isByIp) return { ...acts, converge: [...regenerate, ...acts.converge] };
    return {
      ...acts,
      quiesce: [],
      converge: [...regenerate, reload, ...acts.converge.filter(({ argv }) => argv[0] !== "networkctl")],
      restore: [...regenerate, reloadBack, ...acts.restore.filter(({ argv }) => argv[0] !== "networkctl")],
    };
  }
  const restart = (why: string): Step => ({
    argv: ["systemctl", "restart", "systemd-networkd.service"],
    limitSeconds,
    why,
    onFailure: "stop",
  });
  const clear = removalsOfRunning(situation);
  const reconfigure = (why: string, onFailure: Step["onFailure"]) =>
    networkctl(["reconfigure", ...names.filter((name) => isThereBefore(situation, name))], why, onFailure);
  return {
    quiesce: [],
    converge: [
      ...regenerate,
      ...clear,
      clear.length > 0
        ? restart("Lets systemd-networkd make again what was removed: a reload doesn't")
        : networkctl(
            ["reload"],
            `Lets systemd-networkd make ${anew.map(({ name }) => name).join(" and ")}: ${anew.map(({ why }) => why).join("; ")}`,
          ),
    ],
    restore: [
      ...regenerate,
      ...removals(situation),
      clear.length > 0 ? restart("Lets systemd-networkd make again what there was") : reloadBack,
      reconfigure("Gives the ports back what they had", "go-on"),
    ],
    interruption: costs("networkd", situation),
  };
}

function isThereBefore({ host, merged }: Situation, name: string): boolean {
  const isMade =
    merged.before.bonds.every((bond) => bond.name !== name) && merged.wanted.bonds.some((bond) => bond.name === name);
  return !isMade && (host.links.length === 0 || host.links.some((link) => link.name === name));
}
