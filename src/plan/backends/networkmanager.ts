import type { Acts, Backend, Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { costs } from "../interruption.ts";
import { liveActs } from "../live-acts.ts";
import { removals } from "./removals.ts";
import { endOfLoan, homeOf, homesMadeAgain, lendWhenMade, lentMeanwhile, wayHome } from "./way-home.ts";

/** How long nmcli waits for an activation, whose own limit is 90 s; who doesn't end a while after that is killed. */
const [WAIT_SECONDS, limitSeconds] = [60, 75];

function nmcli(words: readonly string[], why: string, onFailure: Step["onFailure"] = "stop"): Step {
  return { argv: ["nmcli", "--wait", `${WAIT_SECONDS}`, ...words], limitSeconds, why, onFailure };
}

/** NetworkManager: options of a running bond are set by ip and the profiles are read again, which leaves active devices alone. A bond that
 *  must be made anew is brought up by its profile; it pulls its ports in. */
export const networkmanagerBackend: Backend = (situation) =>
  networkmanagerActs(situation, [nmcli(["connection", "reload"], "Tells NetworkManager to read its profiles again")]);

/** The same with other steps in place of the reload, as netplan needs. */
export function networkmanagerActs(situation: Situation, reload: readonly Step[]): Acts {
  return rebuilt(situation, "manager-readdresses").length === 0
    ? whileItRuns(situation, reload)
    : anew(situation, reload);
}

/** Addresses, routes and names are reapplied: NetworkManager would take back what ip did. What a server or a router gave comes
 *  seconds after that on the way back: the bond is lent it meanwhile. */
function whileItRuns(situation: Situation, reload: readonly Step[]): Acts {
  const joining = {
    join: (port: string, bond: string) =>
      nmcli(["device", "connect", port], `Brings ${port} up, which puts it into ${bond}`),
    leave: (port: string, bond: string) => nmcli(["device", "disconnect", port], `Takes ${port} out of ${bond}`),
  };
  const names = [...situation.bonds].flatMap(([name, { readdressing }]) => (readdressing.kind === "same" ? [] : name));
  const reapply = names.map((name) =>
    nmcli(["device", "reapply", name], `Gives ${name} what its profile says of addresses, routes and names`),
  );
  const withoutAddresses = new Map(
    [...situation.bonds].map(([name, one]) => [name, { ...one, readdressing: { kind: "same" } as const }]),
  );
  const acts = liveActs({ ...situation, bonds: withoutAddresses }, joining);
  const cost = liveActs(situation, joining).interruption;
  const back = [...reload, ...acts.restore, ...reapply];
  return {
    quiesce: acts.quiesce,
    converge: [...reload, ...acts.converge, ...reapply],
    restore: lentMeanwhile(situation, { names, owner: "networkmanager", back }),
    ...(cost === undefined ? {} : { interruption: cost }),
  };
}

function anew(situation: Situation, reload: readonly Step[]): Acts {
  const home = homeOf(situation, "networkmanager");
  const again = home === undefined ? homesMadeAgain(situation, "networkmanager") : [];
  const back = [
    ...reload,
    ...broughtUp(situation).map((name) =>
      nmcli(["device", "connect", name], `Brings ${name} up by its old profile`, "go-on"),
    ),
    ...(home === undefined ? [] : [endOfLoan(home, "kept")]),
    ...again.map((one) => endOfLoan(one, "kept")),
  ];
  return {
    quiesce: [],
    converge: [
      ...reload,
      ...rebuilt(situation, "manager-readdresses").map(({ name, why }) =>
        nmcli(["connection", "up", "id", name], `Brings ${name} up by its profile, and its ports with it: ${why}`),
      ),
    ],
    restore: [
      // NetworkManager strips a link that has lost its bond, a moment later.
      ...(home === undefined
        ? [...removals(situation), ...again.map((one) => lendWhenMade(one, back))]
        : [wayHome(home, { kind: "kept", through: back })]),
      ...back,
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
