import type { Host } from "../../host/ports.ts";
import type { BaselineRecord, ProbeResult } from "../../plan/protocol.ts";
import { regressions } from "../../plan/protocol.ts";
import type { LinkState } from "../../wire/link.ts";
import type { Probes } from "../ports.ts";
import { findRouter } from "./ask-router.ts";
import { emergencySteps } from "./emergency.ts";
import { type Expectation, noExpectation } from "./expectation.ts";
import {
  probeAddress,
  probeBonds,
  probeLease,
  probeNames,
  probePeers,
  probeRoute,
  probeSshd,
  probeTargets,
} from "./quick-probes.ts";
import { judgeRadio } from "./radio-port.ts";
import { bondBelow, gatewaysOf, linkAt, linkNamed, portsOf, type Snapshot, takeSnapshot } from "./snapshot.ts";
import { connectionsCut, sshSockets, type TcpSocket } from "./ssh-connections.ts";
import { provePorts } from "./steer.ts";

/** What the probes of a host go by. */
export interface ProbeSettings {
  readonly host: Host;
  readonly expectation: Expectation;
  /** Seconds in which everything must have settled: leases, radios, spanning tree. */
  readonly patienceSeconds: number;
  /** What makes our echoes ours. */
  readonly marks: { readonly id: number; readonly nonce: Uint8Array };
  sleep(seconds: number): Promise<void>;
  /** What is being looked at, for people. */
  onProgress(words: string): void;
}

/** What the baseline remembers beside the results. */
interface Facts {
  readonly families: readonly ("ipv4" | "ipv6")[];
  readonly addresses: readonly string[];
  readonly sshPorts: readonly number[];
  readonly peers: readonly Pick<TcpSocket, "local" | "localPort" | "peer" | "peerPort">[];
  /** How many connections had been cut off; none in a baseline of an older version. */
  readonly cuts?: number;
  readonly withCarrier: readonly string[];
  /** So that whoever goes back looks at the same. */
  readonly targets: readonly string[];
}

/** The probes of a running Linux host. */
export function hostProbes(settings: ProbeSettings): Probes {
  return {
    async baseline() {
      // Name servers that don't answer take longest, and have nothing to do with the rest.
      const names = probeNames();
      const now = takeSnapshot(settings.host);
      const facts = factsOf(settings, now);
      const results = await lookOnce(settings, facts, "before");
      const { keptPorts } = settings.expectation;
      const ports = (await lookAtPorts(settings, now)).filter(({ name }) => keptPorts?.includes(name) !== false);
      return {
        probes: [...results, ...ports, ...(await names)],
        emergency: emergencySteps(now),
        facts: { ...facts },
      };
    },
    async prove(baseline, signal) {
      // Every wait ends with the signal, and with it whatever waits.
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      aborted.catch(() => {});
      const sleep = (seconds: number) => {
        signal.throwIfAborted();
        return Promise.race([settings.sleep(seconds), aborted]);
      };
      return await prove({ ...settings, sleep }, baseline, signal);
    },
  };
}

/** What somebody who only goes back expects: what a baseline found. */
export function expectationIn(baseline: BaselineRecord | undefined): Expectation {
  const { targets = [] } = (baseline?.facts ?? {}) as Partial<Facts>;
  const names = baseline?.probes.map(({ name }) => name) ?? [];
  const lookedAt = names.flatMap((name) => (name.startsWith("port ") ? name.slice("port ".length) : []));
  return { ...noExpectation, targets, lookedAt };
}

/** What somebody expects who makes the host again what it was at a baseline: ports and bonds that came later may go. */
export function expectationAgain(baseline: BaselineRecord | undefined): Expectation {
  const names = baseline?.probes.map(({ name }) => name) ?? [];
  return { ...expectationIn(baseline), ...(baseline === undefined ? {} : { keptPorts: names.filter(isOfPort) }) };
}

async function prove(
  settings: ProbeSettings,
  baseline: BaselineRecord,
  signal: AbortSignal,
): Promise<readonly ProbeResult[]> {
  const { host, expectation, patienceSeconds, onProgress, sleep } = settings;
  const facts = baseline.facts as unknown as Facts;
  const settled = baseline.probes.filter(({ name }) => !isOfPort(name));
  const end = host.time.now() + patienceSeconds * 1000;
  const settle = async (until: number): Promise<readonly ProbeResult[]> => {
    for (;;) {
      const results = await lookOnce(settings, facts, "after");
      const [first] = regressions(settled, results);
      if (first === undefined || host.time.now() > until) return results;
      onProgress(`${first.name}: ${first.detail}`);
      await sleep(0.3);
    }
  };
  const results = await settle(end);
  // Whatever the ports can do, it goes back; and steering would only make it take longer.
  if (regressions(settled, results).length > 0) return withPortsOf(baseline, results);
  signal.throwIfAborted();
  onProgress("each port in turn");
  const ports = await provePorts({
    host,
    patienceSeconds,
    routers: expectation.routers,
    hadCarrier: new Set(facts.withCarrier),
    sleep,
  });
  // It decides nothing: waiting once for what doesn't answer is enough.
  const hadNames = baseline.probes.some(({ name, passed }) => name === "dns" && passed);
  const names = hadNames ? probeNames() : [];
  // Traffic has come back from the last port: what is connected must still be.
  const again = await settle(host.time.now() + 5_000);
  const proven = new Set(ports.map(({ name }) => name));
  const others = await lookAtPorts(settings, takeSnapshot(host), proven);
  return [...again, ...ports, ...others, ...(await names)];
}

function isOfPort(name: string): boolean {
  return name.startsWith("port ") || name.startsWith("traffic ");
}

/** Ports that weren't looked at any more: as they were, so that only what failed is told. */
function withPortsOf(baseline: BaselineRecord, results: readonly ProbeResult[]): readonly ProbeResult[] {
  return [...results, ...baseline.probes.filter(({ name }) => isOfPort(name))];
}

function factsOf({ expectation }: ProbeSettings, now: Snapshot): Facts {
  const { ports, peers } = sshSockets();
  const concerned = new Set(expectation.concerned);
  const kept = now.addresses.filter(({ scope, ip, index }) => {
    const link = linkAt(now, index);
    return scope === "global" && !ip.includes(":") && link !== undefined && !concerned.has(link.name);
  });
  const promised = expectation.addresses.filter(({ cidr }) => probeAddress(now, cidr, undefined).passed);
  return {
    families: [...new Set(gatewaysOf(now).map(({ family }) => family))],
    addresses: [...new Set([...promised.map(({ cidr }) => cidr), ...kept.map(({ ip, prefix }) => `${ip}/${prefix}`)])],
    sshPorts: ports,
    peers: peers.map(({ local, localPort, peer, peerPort }) => ({ local, localPort, peer, peerPort })),
    cuts: connectionsCut(),
    targets: expectation.targets,
    withCarrier: now.links.filter(({ hasCarrier }) => hasCarrier).map(({ name }) => name),
  };
}

async function lookOnce(
  { host, expectation, marks, sleep }: ProbeSettings,
  facts: Facts,
  when: "before" | "after",
): Promise<readonly ProbeResult[]> {
  const now = takeSnapshot(host);
  const isAfter = when === "after";
  const families = isAfter ? [...new Set([...facts.families, ...expectation.routed])] : facts.families;
  const bearers = new Map(isAfter ? expectation.addresses.map(({ cidr, link }) => [cidr, link]) : []);
  const addresses = [...new Set([...facts.addresses, ...bearers.keys()])].map((cidr) =>
    probeAddress(now, cidr, bearers.get(cidr)),
  );
  const stays = new Set(addresses.map(({ name }) => name.replace(/^address /, "").split("/", 1)[0]));
  const isRenumbered = expectation.kind === "unknown";
  const [routes, bonds, sshd, targets] = await Promise.all([
    Promise.all(families.map((family) => probeRoute(host, now, family, sleep))),
    probeBonds(isAfter ? expectation.bonds : []),
    probeSshd(now, facts.sshPorts),
    probeTargets(expectation.targets, marks, sleep),
  ]);
  return [
    ...routes.flat(),
    ...addresses.map((one) => (isRenumbered ? { ...one, weight: "warn" as const } : one)),
    ...(isAfter ? expectation.leased.map((link) => probeLease(now, link)) : []),
    ...bonds,
    ...sshd,
    ...probePeers(facts.peers, facts.cuts ?? Number.POSITIVE_INFINITY, (local) =>
      !isRenumbered && stays.has(local) ? "must" : "warn",
    ),
    ...targets,
  ];
}

/** Ports as far as they can be judged without steering anything: what the change touches, and what is in a bond now. `proven`: names of
 *  results that there are already; nobody waits for those again. */
async function lookAtPorts(
  settings: ProbeSettings,
  now: Snapshot,
  proven: ReadonlySet<string> = new Set(),
): Promise<readonly ProbeResult[]> {
  const { expectation } = settings;
  const bonds = now.links.filter((link) => link.bond !== undefined);
  const bonded = bonds.flatMap((bond) => portsOf(now, bond)).filter(({ name }) => !proven.has(`port ${name}`));
  const names = new Set([...expectation.bonds.flatMap(({ ports }) => ports), ...(expectation.lookedAt ?? [])]);
  const declared = [...names].flatMap((name) => linkNamed(now, name) ?? []);
  // A link that is down doesn't say whether its cable is plugged in.
  const single = declared.filter((link) => link.master === 0 && link.isUp);
  const results: ProbeResult[] = single.map(({ name, hasCarrier }) =>
    portResult(name, hasCarrier, carrierWords(hasCarrier)),
  );
  for (const port of bonded) results.push(await lookAtPort(settings, now, port));
  const traffic = bonds.map((bond): ProbeResult => {
    const working = portsOf(now, bond).filter(({ hasCarrier }) => hasCarrier).length;
    return {
      name: `traffic ${bond.name}`,
      passed: working > 0,
      detail: `${working} ports with carrier`,
      weight: "must",
    };
  });
  return [...results, ...traffic].filter(({ name }) => !proven.has(name));
}

async function lookAtPort(settings: ProbeSettings, now: Snapshot, port: LinkState): Promise<ProbeResult> {
  if (!port.hasCarrier) return portResult(port.name, false, carrierWords(false));
  const bond = linkAt(now, port.master);
  const gateway = gatewaysOf(now).find(({ link }) => bondBelow(now, link)?.index === port.master);
  const isStandby = bond?.bond?.mode === 1 && bond.bond.activePort !== port.index;
  const router = settings.expectation.routers[port.name] ?? gateway?.router;
  const permanent = port.port?.permanentMac ?? port.permanentMac;
  const isVlan = gateway !== undefined && gateway.link.index !== port.master;
  const radio = isStandby && bond !== undefined ? await judgeRadio(settings.host.radios, bond, port) : undefined;
  if (radio !== undefined) return portResult(port.name, radio.passed, radio.detail);
  // A tagged question, or one of a family that can't be asked so, is left to the proof.
  if (!isStandby || isVlan || router === undefined || router.includes(":") || permanent === "") {
    return portResult(port.name, true, carrierWords(true));
  }
  const mac = await findRouter(
    { host: settings.host, link: port, router, own: undefined, as: permanent },
    settings.sleep,
  );
  const detail =
    mac === undefined ? `carrier, but ${router} doesn't answer through it` : `${router} answers through it`;
  return portResult(port.name, mac !== undefined, detail);
}

function portResult(name: string, passed: boolean, detail: string): ProbeResult {
  return { name: `port ${name}`, passed, detail, weight: "must" };
}

function carrierWords(hasCarrier: boolean): string {
  return hasCarrier ? "carrier" : "no carrier";
}
