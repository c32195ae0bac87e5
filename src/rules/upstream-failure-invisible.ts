import { whereIs } from "../diagnostic/origins.ts";
import type { Bond } from "../model/bond.ts";
import type { Device } from "../model/config.ts";
import { aboutBonds, isActiveBackup, numberInForce, optionPlace, portPlace } from "./about/bonds.ts";
import { deviceNamed, pathOfPort, waysOut } from "./about/paths.ts";
import { sources } from "./about/sources.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** Carrier is a fact about the first cable; what lies behind the first box can be dead while it stays up. */
export const upstreamFailureInvisible: Rule = {
  name: "upstream-failure-invisible",
  severity: "warning",
  about: "Something watches the path behind the first device, not only the cable to it",
  source: [sources.bondingRst, sources.bonding61, "the first article (HomePlug and Wi-Fi)"],
  applies: "any",
  check: (subject) => aboutBonds(subject, (bond) => hiddenPaths(subject, bond)),
};

function hiddenPaths(subject: Subject, bond: Bond): Finding | undefined {
  if (!isActiveBackup(bond) || numberInForce(bond, "miimon") === 0 || bond.ports.length < 2) return undefined;
  const legs = bond.ports.flatMap((port) => {
    const first = pathOfPort(subject.config, port)[0];
    return first === undefined ? [] : [{ port, first }];
  });
  const ways = waysOut(subject, bond);
  const hiding = legs.filter(({ port, first }) => hides(first, ways) && !isOnlyWay(subject, bond, port, first));
  if (hiding.length === 0) {
    return ways.length > 1 && legs.length === 0 ? unseenUplinks(subject, bond, ways) : undefined;
  }
  const ends = listed(hiding.map(({ port, first }) => `${port} ends on ${deviceNamed(first)}`));
  const keeps = hiding.length === 1 ? ", which keeps" : ": each keeps";
  return {
    ...forWhom(subject, bond),
    message: `${watcher(subject, bond)} nothing but the carrier, and ${ends}${keeps} the carrier up when the path behind it is dead, and then ${bond.name} never fails over${byItself(subject)}`,
    at: optionPlace(subject, bond, "miimon"),
    also: hiding.flatMap(({ port, first }) => {
      const at = cablePlace(subject, port) ?? portPlace(subject, bond, port);
      return at === undefined ? [] : [{ at, note: noteOn(subject, port, first) }];
    }),
  };
}

/** A holdfast.yaml is for a host that runs the agent, which looks farther than the kernel. Other files say nothing of it. */
function forWhom(subject: Subject, bond: Bond): Pick<Finding, "hint" | "severity"> {
  if (subject.dialect !== "holdfast") return { hint: elsewhere };
  return {
    severity: "advice",
    hint: `Run \`holdfast agent\` on the host: it probes every path, the standby's too, and moves the active port of ${bond.name} when one dies.`,
  };
}

function watcher(subject: Subject, bond: Bond): string {
  return subject.dialect === "holdfast" ? `${bond.name}: the kernel alone watches` : `${bond.name} watches`;
}

function byItself(subject: Subject): string {
  return subject.dialect === "holdfast" ? " by itself" : "";
}

const elsewhere =
  "Probe through each port with something that can move the active port, or, where all ports share one LAN, use arp_interval with two arp_ip_target and arp_validate all instead of miimon.";

/** A router hides its own uplink, which matters only where another port has another one. */
function hides(first: Device, ways: readonly string[]): boolean {
  return first.kind === "router" ? ways.length > 1 : first.kind !== "usb-hub";
}

/** Where every port hangs on the same box, seeing its failure would not help. */
function isOnlyWay(subject: Subject, bond: Bond, port: string, first: Device): boolean {
  return bond.ports.every((other) => other === port || pathOfPort(subject.config, other)[0]?.name === first.name);
}

function noteOn(subject: Subject, port: string, first: Device): string {
  if (first.kind === "router")
    return `the carrier of ${port} is ${first.name}'s own and says nothing of the line behind it`;
  const behind = pathOfPort(subject.config, port)
    .slice(1)
    .map((device) => device.name);
  const unseen = behind.length === 0 ? `what ${first.name} connects to` : listed(behind);
  return `the carrier of ${port} is ${first.name}'s own and says nothing of ${unseen}`;
}

function unseenUplinks(subject: Subject, bond: Bond, ways: readonly string[]): Finding {
  return {
    ...forWhom(subject, bond),
    message: `${watcher(subject, bond)} nothing but the carrier: when the line behind ${ways.join(" or ")} is dead and the router is not, ${bond.name} stays on it${byItself(subject)}`,
    at: optionPlace(subject, bond, "miimon"),
  };
}

function cablePlace(subject: Subject, port: string) {
  const index = (subject.config.topology?.cables ?? []).findIndex((cable) => cable.from === port || cable.to === port);
  return index === -1 ? undefined : whereIs(subject.origins, `cable/${index}`);
}
