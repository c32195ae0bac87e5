import type { Acts, Backend, Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { costs } from "../interruption.ts";
import { liveActs } from "../live-acts.ts";
import { removals } from "./removals.ts";

/** nmcli's own limit for an activation is 90 s; ours must end before a dead-man's 120. */
const limitSeconds = 75;

function nmcli(words: readonly string[], why: string, onFailure: Step["onFailure"] = "stop"): Step {
  return { argv: ["nmcli", "--wait", "60", ...words], limitSeconds, why, onFailure };
}

/** NetworkManager: options of a running bond are set by ip and the profiles are read again, which leaves active devices alone. A bond that
 *  must be made anew is brought up by its profile; it pulls its ports in. */
export const networkmanagerBackend: Backend = (situation) =>
  networkmanagerActs(situation, [nmcli(["connection", "reload"], "Tells NetworkManager to read its profiles again")]);

/** The same with other steps in place of the reload, as netplan needs. */
export function networkmanagerActs(situation: Situation, reload: readonly Step[]): Acts {
  const anew = rebuilt(situation);
  const before = broughtUp(situation);
  if (anew.length === 0) {
    const joining = {
      join: (port: string, bond: string) =>
        nmcli(["device", "connect", port], `Brings ${port} up, which puts it into ${bond}`),
      leave: (port: string, bond: string) => nmcli(["device", "disconnect", port], `Takes ${port} out of ${bond}`),
    };
    const acts = liveActs(situation, joining, { restored: reload });
    return { ...acts, converge: [...reload, ...acts.converge] };
  }
  return {
    quiesce: [],
    converge: [
      ...reload,
      ...anew.map(({ name, why }) => nmcli(["device", "connect", name], `Brings ${name} up: ${why}`, "go-on")),
      ...situation.merged.wanted.bonds.map(({ name }) =>
        nmcli(["connection", "up", "id", name], `Brings ${name} up by its profile, and its ports with it`),
      ),
    ],
    restore: [
      ...removals(situation),
      ...reload,
      ...before.map((name) => nmcli(["device", "connect", name], `Brings ${name} up by its old profile`, "go-on")),
    ],
    interruption: costs("networkmanager", situation),
  };
}

/** Bonds first: they pull their ports in. */
function broughtUp({ merged, host }: Situation): readonly string[] {
  const bonds = merged.before.bonds.map(({ name }) => name).filter((name) => merged.names.has(name));
  const ports = new Set(merged.before.bonds.flatMap((bond) => bond.ports));
  const made = new Set(merged.wanted.bonds.map(({ name }) => name));
  const links = [...merged.names].filter(
    (name) =>
      !bonds.includes(name) &&
      !ports.has(name) &&
      !made.has(name) &&
      // What no profile was for comes back by itself, if at all: waiting for a lease nobody gives would cost a minute.
      merged.before.interfaces.some((iface) => iface.name === name) &&
      (host.links.length === 0 || host.links.some((link) => link.name === name)),
  );
  return [...bonds, ...links];
}
