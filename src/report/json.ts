import type {
  BondSeen,
  FlowResult,
  Forecast,
  RadioSeen,
  Rehearsal,
  ScenarioResult,
  SshResult,
} from "../measure/rehearsal.ts";
import type { Sight, Station } from "../measure/sight.ts";
import { redactRehearsal } from "./redact-rehearsal.ts";

/** The document `rehearse --json` prints: exactly the keys docs/guide/json.md tells, in that order; a gap that never ended
 *  is null. Ends with a line break. */
export function renderJson(rehearsal: Rehearsal, redact: (text: string) => string): string {
  return `${JSON.stringify(jsonShape(redactRehearsal(rehearsal, redact)), null, 2)}\n`;
}

/** The same document as a value. Copied key by key, so that nothing undocumented slips into a published shape
 *  and no key of it is forgotten. */
export function jsonShape(rehearsal: Rehearsal): Rehearsal {
  const { bringUp, objectives } = rehearsal;
  return {
    subject: rehearsal.subject,
    engine: rehearsal.engine,
    kernel: rehearsal.kernel,
    clock: rehearsal.clock,
    objectives: { outageMs: objectives.outageMs, tcp: objectives.tcp },
    ...(rehearsal.agent === undefined ? {} : { agent: rehearsal.agent }),
    bringUp: {
      manager: bringUp.manager,
      exit: bringUp.exit,
      output: bringUp.output,
      ...(bringUp.hung === undefined ? {} : { hung: bringUp.hung }),
      bonds: bringUp.bonds.map(bondShape),
    },
    ...(rehearsal.radios === undefined ? {} : { radios: rehearsal.radios.map(radioShape) }),
    scenarios: rehearsal.scenarios.map(scenarioShape),
    verdict: rehearsal.verdict,
    notes: [...rehearsal.notes],
    tookMs: micro(rehearsal.tookMs),
  };
}

function bondShape({ failOverMac, ...bond }: BondSeen): BondSeen {
  const { name, mode, miimon, arpInterval, primary, activePort, ports } = bond;
  const own = { name, mode, miimon, arpInterval, primary, activePort, ports };
  return failOverMac === undefined ? own : { ...own, failOverMac };
}

function radioShape(radio: RadioSeen): RadioSeen {
  const { port, accessPoint, ssid, security, band, channel, joined } = radio;
  const { country, hidden, clientIsolation, macFilter, trouble } = radio;
  return {
    ...{ port, accessPoint, ssid, security, band, channel },
    ...(country === undefined ? {} : { country }),
    ...(hidden === undefined ? {} : { hidden }),
    ...(clientIsolation === undefined ? {} : { clientIsolation }),
    ...(macFilter === undefined ? {} : { macFilter: [...macFilter] }),
    joined,
    ...(trouble === undefined ? {} : { trouble }),
  };
}

function scenarioShape(result: ScenarioResult): ScenarioResult {
  const { outageMs, reselectMs, stats, tcp } = result;
  return {
    id: result.id,
    fault: result.fault,
    kind: result.kind,
    expected: result.expected,
    verdict: result.verdict,
    ...(result.reason === undefined ? {} : { reason: result.reason }),
    outageMs: { toHost: finite(outageMs.toHost), fromHost: finite(outageMs.fromHost) },
    uncertaintyMs: micro(result.uncertaintyMs),
    watchedMs: micro(result.watchedMs),
    tcp: { survived: tcp.survived, stallMs: finite(tcp.stallMs) },
    ...(result.ssh === undefined ? {} : { ssh: sshShape(result.ssh) }),
    lost: result.lost,
    sent: result.sent,
    reselectMs: { toHost: finite(reselectMs.toHost), fromHost: finite(reselectMs.fromHost) },
    ...(result.switchedAfterMs === undefined ? {} : { switchedAfterMs: micro(result.switchedAfterMs) }),
    stats: { median: finite(stats.median), p95: finite(stats.p95), worst: finite(stats.worst) },
    repeats: result.repeats.map((each) => ({
      toHost: finite(each.toHost),
      fromHost: finite(each.fromHost),
      reselect: finite(each.reselect),
      tcpStallMs: finite(each.tcpStallMs),
    })),
    events: result.events.map(({ atMs, what, text }) => ({ atMs: micro(atMs), what, text })),
    flows: result.flows.map(flowShape),
    ...(result.sights === undefined ? {} : { sights: result.sights.map(sightShape) }),
    ...(result.forecast === undefined ? {} : { forecast: forecastShape(result.forecast) }),
  };
}

function sshShape({ survived, stallMs, counted, trouble }: SshResult): SshResult {
  return { survived, stallMs: finite(stallMs), counted, ...(trouble === undefined ? {} : { trouble }) };
}

function sightShape({ when, atMs, bond, neighbour, links, stations }: Sight): Sight {
  return {
    when,
    atMs: micro(atMs),
    ...(bond === undefined ? {} : { bond: { name: bond.name, mac: bond.mac, activePort: bond.activePort } }),
    ...(neighbour === undefined
      ? {}
      : { neighbour: { node: neighbour.node, address: neighbour.address, mac: neighbour.mac } }),
    links: links.map(({ port, mac, bssid, ssid, frequencyMhz, signalDbm }) => ({
      port,
      mac,
      ...(bssid === undefined ? {} : { bssid }),
      ...(ssid === undefined ? {} : { ssid }),
      ...(frequencyMhz === undefined ? {} : { frequencyMhz }),
      ...(signalDbm === undefined ? {} : { signalDbm }),
    })),
    stations: stations.map(stationShape),
  };
}

function stationShape(station: Station): Station {
  const { accessPoint, mac, whose, authorized, signalDbm, rxPackets, txPackets, inactiveMs, connectedS } = station;
  const signal = signalDbm === undefined ? {} : { signalDbm };
  return { accessPoint, mac, whose, authorized, ...signal, rxPackets, txPackets, inactiveMs, connectedS };
}

function forecastShape({ scenario, outageMs, at, kept }: Forecast): Forecast {
  return { scenario, outageMs: finite(outageMs), at, kept };
}

function flowShape(flow: FlowResult): FlowResult {
  return {
    flow: flow.flow,
    direction: flow.direction,
    expected: flow.expected,
    sent: flow.sent,
    lost: flow.lost,
    lostBefore: flow.lostBefore,
    outageMs: finite(flow.outageMs),
    reselectMs: finite(flow.reselectMs),
    lostRuns: flow.lostRuns.map(([from, to]) => [micro(from), micro(to)]),
  };
}

/** A gap that may never have ended. What isn't a number can't be a gap: null. */
function finite(ms: number | null): number | null {
  return ms === null || !Number.isFinite(ms) ? null : micro(ms);
}

/** Times to the microsecond: finer digits are noise of the arithmetic. */
function micro(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
