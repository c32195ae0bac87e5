import type { Scenario } from "../topology/lab-plan.ts";
import { hadAgent, type Lengths, reasonWithAgent } from "./agent-reasons.ts";
import type { Measured } from "./measure.ts";
import type { SharedAir } from "./radios-seen.ts";
import type { BondSeen, Hung, SshResult } from "./rehearsal.ts";
import { worstOf } from "./statistics.ts";

/** Why an objective was missed, in words a person can act upon: what happened, why the kernel let it happen, what cures it.
 *  Source of the kernel's behaviour: Documentation/networking/bonding.rst and the figures the lab itself gives. */

/** Why the outage was too long. */
export function reasonFor(
  measured: Measured,
  scenario: Scenario,
  { bonds, air }: { readonly bonds: readonly BondSeen[]; readonly air: readonly SharedAir[] },
): string {
  const bond = bonds.find(({ mode }) => mode === "active-backup") ?? bonds[0];
  if (measured.flows.some(({ hadNoBaseline }) => hadNoBaseline)) return withoutBaseline(measured, bond, air);
  if (bond === undefined) return "There is no bond, so nothing can take over: the host has only the link that failed.";
  if (bond.mode !== "active-backup") return notRedundant(bond);
  const outage = worstOf([measured.outageMs.toHost, measured.outageMs.fromHost]);
  const gap = withoutPort(measured);
  if (gap !== undefined && outage !== null && gap.ms > outage / 2) return afterNothing(gap, scenario, bond, outage);
  if (hadAgent(measured)) return reasonWithAgent(measured, scenario, bond, lengthsOf(measured, outage));
  if (measured.switchedAfterMs !== undefined) return afterSwitch(measured, bond, outage, measured.switchedAfterMs);
  if (bond.miimon === 0 && bond.arpInterval === 0) {
    return `${bond.name} watches no link (miimon 0, no ARP targets), so it never left ${bond.activePort}. Set miimon: 100.`;
  }
  return scenario.carrierTells ? unseenCarrier(bond, outage) : unseenPath(scenario, bond, outage);
}

/** Why packets were lost while nothing was broken. */
export function reasonForLoss(share: number, bonds: readonly BondSeen[]): string {
  const percent = `${Math.round(share * 100)} % of all packets were lost while everything was healthy`;
  const bond = bonds.find(({ mode }) => mode !== "active-backup") ?? bonds[0];
  if (bond === undefined || bond.mode === "active-backup") return `${percent}.`;
  return `${percent}: ${bond.name} is ${bond.mode}, which sends over every port in turn, whatever lies behind it. Set mode: active-backup.`;
}

/** Why the way back was too long. */
export function reasonForReselect(measured: Measured, scenario: Scenario, reselect: number | null): string {
  if (scenario.kind === "replaced") return afterReplacement(measured, reselect);
  if (reselect === null) return "Once the fault was mended, packets did not come back while it was watched.";
  const back = switchBack(measured);
  if (hadAgent(measured)) {
    const way = back === undefined ? "After the mending" : `Going back to ${back}`;
    return `${way} packets were missing for ${seconds(reselect)}, although Holdfast's agent returns only to a port that has answered for a while: something further away didn't follow.`;
  }
  if (back !== undefined && (scenario.settleMs ?? 0) > 0) {
    return `Going back to ${back} cost ${seconds(reselect)}: the bond returned as soon as the carrier was there, but spanning tree lets that switch port forward only after twice its forward delay. Set updelay longer than that, or primary_reselect: failure, or make it an edge port on the switch.`;
  }
  if (back !== undefined) return `Going back to ${back} after the mending cost ${seconds(reselect)}.`;
  return `After the mending packets were missing for another ${seconds(reselect)}: the host had given up on its neighbour and asks for it only once a second.`;
}

function afterReplacement(measured: Measured, reselect: number | null): string {
  const how = reselect === null ? "not while it was watched" : `only after ${seconds(reselect)}`;
  const eyes = hadAgent(measured)
    ? "Holdfast's agent renews it with the first answer of the new box: until then there was none."
    : "The kernel's monitors don't look at that.";
  return `The new box was there, but packets came back ${how}: it has another MAC address, and the host goes on sending to the old one until its neighbour entry has expired or the box is heard. ${eyes}`;
}

/** Why nothing counts on a host whose coming up was stopped. */
export function reasonForHung(hung: Hung): string {
  const of = [hung.interface, hung.phase].filter((part) => part !== undefined).join(", ");
  return `Bringing the host up was stopped after ${seconds(hung.afterMs)}, because "${hung.command}"${of === "" ? "" : ` (${of})`} never ended; whatever stands after it was never brought up. Let it run in the background, with &, or as a service of its own.`;
}

/** Why an open TCP session ended although a way was there. */
export function reasonForTcp(measured: Measured, outage: number | null): string {
  const how = measured.tcp.trouble === undefined ? "" : ` (${measured.tcp.trouble})`;
  return `The open TCP session did not live through it${how}, with an outage of ${seconds(outage)}.`;
}

/** The same of the ssh session. */
export function reasonForSsh({ trouble, counted }: SshResult): string {
  return `The ssh session did not live through it (${trouble ?? "closed"}); it had counted to ${counted}.`;
}

function withoutBaseline(measured: Measured, bond: BondSeen | undefined, air: readonly SharedAir[]): string {
  const dead = measured.flows.find(({ hadNoBaseline }) => hadNoBaseline)?.result;
  const shared = air.find(({ flow }) => flow === dead?.flow);
  if (bond !== undefined && shared !== undefined && hasOneMac(bond, shared)) return behindOneMac(bond, shared);
  const way =
    dead === undefined
      ? ""
      : dead.direction === "toHost"
        ? ` from ${dead.flow} to the host`
        : ` from the host to ${dead.flow}`;
  const why =
    bond === undefined
      ? "No bond came up"
      : bond.ports.length === 0
        ? `${bond.name} came up without any port`
        : `${bond.name} (${bond.mode}) was up`;
  return `Nothing got through${way} even before the fault, so there is no outage to measure. ${why}; see what bringing the host up printed.`;
}

/** Does the bond's one MAC address stand in the access point's table although another port carries the traffic? */
function hasOneMac({ failOverMac, activePort, ports }: BondSeen, { port }: SharedAir): boolean {
  return failOverMac === "none" && activePort !== port && ports.includes(port);
}

function behindOneMac({ name, activePort }: BondSeen, { peer, port, accessPoint }: SharedAir): string {
  return `Nothing got through from ${peer} to the host even before the fault: both have joined ${accessPoint}, and with fail_over_mac none ${port} did so with ${name}'s own MAC address. What ${peer} sends there the access point sends to ${port}, by radio, and ${name} listens to ${activePort} alone. Set fail_over_mac: active, so that each port has its own address.`;
}

function notRedundant(bond: BondSeen): string {
  const blind = bond.miimon === 0 && bond.arpInterval === 0 ? " and watches no link (miimon 0)" : "";
  return `${bond.name} is ${bond.mode}${blind}: it goes on sending over the port that failed. Set mode: active-backup${blind === "" ? "" : " and miimon: 100"}.`;
}

function lengthsOf(measured: Measured, outage: number | null): Lengths {
  const { switchedAfterMs } = measured;
  const isWith = outage !== null && outage < 2 * (switchedAfterMs ?? 0) + 100;
  return {
    outage: seconds(outage),
    switchedAfter: switchedAfterMs === undefined ? undefined : seconds(switchedAfterMs),
    back: outage === null ? "never" : isWith ? "with the move" : "later",
    to: switchedAfterMs === undefined ? undefined : (switchedTo(measured) ?? "the other port"),
  };
}

function afterSwitch(measured: Measured, bond: BondSeen, outage: number | null, switchedMs: number): string {
  const port = switchedTo(measured) ?? "the other port";
  const switched = `The kernel moved ${bond.name} to ${port} after ${seconds(switchedMs)}`;
  if (outage !== null && outage < 2 * switchedMs + 100) {
    return `${switched}, which is later than the objective allows. Shorten miimon or arp_interval (and downdelay).`;
  }
  if (outage === null) {
    return `${switched}, but packets never came back: behind ${port} nobody answers to the gateway the host still uses. That path needs its own address and default route, set when the port changes.`;
  }
  return `${switched}, but packets came back only after ${seconds(outage)}: the host still held the MAC address of the gateway on the old path, which answers no more. No bonding option renews that entry; something must when the port changes.`;
}

function afterNothing(gap: WithoutPort, scenario: Scenario, bond: BondSeen, outage: number): string {
  const how =
    scenario.needsRadio === true ? ": a radio looks for its network on every channel before it joins again" : "";
  return `${bond.name} had no port left for ${seconds(gap.ms)} (outage ${seconds(outage)}), until ${gap.port} was back${how}. Nothing bridges that but a third way, or a port that comes back sooner.`;
}

interface WithoutPort {
  readonly ms: number;
  /** What ended it. */
  readonly port: string;
}

/** The longest time the bond had no active port while the fault lasted; undefined: never, or nothing ended it. */
function withoutPort({ trace }: Measured): WithoutPort | undefined {
  const until = trace.mendFromMs ?? trace.mendedAtMs;
  const gaps = trace.activePort.flatMap(({ atMs, port }, index): readonly WithoutPort[] => {
    const next = trace.activePort[index + 1];
    if (port !== "" || atMs < trace.faultAtMs || next === undefined || next.atMs > until) return [];
    return [{ ms: next.atMs - atMs, port: next.port }];
  });
  return gaps.toSorted((one, other) => other.ms - one.ms)[0];
}

function unseenCarrier(bond: BondSeen, outage: number | null): string {
  return `${bond.name} never left ${bond.activePort} although its carrier was lost (outage ${seconds(outage)}): no other port was fit to take over.`;
}

function unseenPath(scenario: Scenario, bond: BondSeen, outage: number | null): string {
  if (scenario.kind === "uplink") {
    return `Everything up to the router was well, so neither miimon nor an ARP monitor had a reason to move ${bond.name} off ${bond.activePort} (${lasting(outage)}). Only a check of targets beyond the router sees this: an agent that probes them.`;
  }
  const eyes = bond.arpInterval > 0 ? "its ARP monitor was content" : `miimon looks at nothing else`;
  return `The carrier of ${bond.activePort} stayed up and ${eyes}, so ${bond.name} never moved (${lasting(outage)}). Only a check of the path itself sees this: arp_interval with arp_ip_target and arp_validate, or an agent that probes.`;
}

function lasting(outage: number | null): string {
  return outage === null ? "the outage lasted as long as it was watched" : `outage ${seconds(outage)}`;
}

function switchedTo(measured: Measured): string | undefined {
  const { trace } = measured;
  return trace.activePort.find(({ atMs, port }) => atMs > trace.faultAtMs && port !== "")?.port;
}

/** The port the bond went back to after the mending. */
function switchBack(measured: Measured): string | undefined {
  const { trace } = measured;
  const from = trace.mendFromMs ?? trace.mendedAtMs;
  return trace.activePort.findLast(({ atMs, port }) => atMs >= from && port !== "")?.port;
}

/** "49 ms", "4.1 s"; an outage that never ended has "no end". */
function seconds(ms: number | null): string {
  if (ms === null) return "no end";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
