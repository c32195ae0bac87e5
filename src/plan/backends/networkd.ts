import { supplicantUnit } from "../../dialects/wpa-supplicant.ts";
import type { Acts, Backend, Situation } from "../backend.ts";
import { readdressedByManager, rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { costs } from "../interruption.ts";
import { joiningRadios } from "../joining-radios.ts";
import { ipStep } from "../kernel-steps.ts";
import { liveActs } from "../live-acts.ts";
import { systemctl } from "../systemd-steps.ts";
import { removals, removalsOfRunning } from "./removals.ts";
import { endOfLoan, homeOf, homesMadeAgain, isGiven, lendWhenMade, lentMeanwhile, wayHome } from "./way-home.ts";

const limitSeconds = 45;

function networkctl(words: readonly string[], why: string, onFailure: Step["onFailure"] = "stop"): Step {
  return { argv: ["networkctl", ...words], limitSeconds, why, onFailure };
}

/** systemd-networkd: options of a running bond are set by ip, as networkd reads a .netdev only when it makes the device; the next boot
 *  reads the new files. Networks are reconfigured by a reload, which touches only links whose files changed. */
export const networkdBackend: Backend = (situation) => {
  const acts = networkdActs(situation, []);
  const { before, after } = situation.merged;
  const radios = joiningRadios(before, after).map((name) =>
    systemctl(["restart", supplicantUnit(name)], `Lets ${name} join its network anew, where it is now`),
  );
  return { ...acts, converge: [...acts.converge, ...radios], restore: [...acts.restore, ...radios] };
};

/** The same with steps that bring networkd's own files up to date first, as netplan needs. */
export function networkdActs(situation: Situation, regenerate: readonly Step[]): Acts {
  return rebuilt(situation, "manager-readdresses").length === 0
    ? whileItRuns(situation, regenerate)
    : anew(situation, regenerate);
}

/** A reload makes ports join, and never lets one go. */
function whileItRuns(situation: Situation, regenerate: readonly Step[]): Acts {
  const reload = networkctl(
    ["reload"],
    "Tells systemd-networkd to read its files again: links whose files changed follow",
  );
  const release = (port: string, bond: string) =>
    ipStep(["link", "set", "dev", port, "nomaster"], `Takes ${port} out of ${bond}`);
  const acts = liveActs(situation, { join: () => reload, leave: release });
  const other = readdressedByManager(situation);
  const more = other.length === 0 ? [] : [reload];
  const back = [...regenerate, ...once([...acts.restore, ...more])];
  return {
    quiesce: acts.quiesce,
    converge: [...regenerate, ...once([...acts.converge, ...more])],
    restore: lentMeanwhile(situation, { names: other, owner: "networkd", back }),
    ...(other.length === 0
      ? { interruption: acts.interruption ?? costs("networkd", situation) }
      : { interruption: costs("networkd", situation) }),
  };
}

/** Of steps that are the same the last. */
function once(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ argv }, at) => !steps.slice(at + 1).some((later) => later.argv.join(" ") === argv.join(" ")));
}

function anew(situation: Situation, regenerate: readonly Step[]): Acts {
  const why = rebuilt(situation, "manager-readdresses");
  const names = [...situation.merged.names];
  const restart = (reason: string): Step => ({
    argv: ["systemctl", "restart", "systemd-networkd.service"],
    limitSeconds,
    why: reason,
    onFailure: "stop",
  });
  const clear = removalsOfRunning(situation);
  const home = homeOf(situation, "networkd");
  const again = home === undefined ? homesMadeAgain(situation, "networkd") : [];
  const there = names.filter((name) => isThereBefore(situation, name));
  const made = why.map(({ name }) => name).join(" and ");
  const reasons = why.map((one) => one.why).join("; ");
  const back = [
    ...regenerate,
    clear.length > 0
      ? restart("Lets systemd-networkd make again what there was")
      : networkctl(["reload"], "Tells systemd-networkd to read the old files again"),
    // Who starts anew configures every link, and told to once more takes it all away again.
    ...(there.length === 0 || clear.length > 0
      ? []
      : [networkctl(["reconfigure", ...there], "Gives the ports back what they had", "go-on")]),
    ...(home === undefined ? [] : [endOfLoan(home, isGiven(home) ? "kept" : "once")]),
    ...again.map((one) => endOfLoan(one, "kept")),
  ];
  return {
    quiesce: [],
    converge: [
      ...regenerate,
      ...clear,
      clear.length > 0
        ? restart("Lets systemd-networkd make again what was removed: a reload doesn't")
        : networkctl(["reload"], `Lets systemd-networkd make ${made}: ${reasons}`),
    ],
    // What somebody else must give again it takes away first.
    restore:
      home === undefined
        ? // On its way home the host has left the bond already.
          [...removals(situation), ...again.map((one) => lendWhenMade(one, back)), ...back]
        : [wayHome(home, isGiven(home) ? { kind: "kept", through: back } : { kind: "once" }), ...back],
    interruption: costs("networkd", situation),
  };
}

function isThereBefore({ host, merged }: Situation, name: string): boolean {
  const isMade =
    merged.before.bonds.every((bond) => bond.name !== name) && merged.wanted.bonds.some((bond) => bond.name === name);
  return !isMade && (host.links.length === 0 || host.links.some((link) => link.name === name));
}
