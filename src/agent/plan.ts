import { containsAddress, parseAddress, parseCidr } from "../model/address.ts";
import type { Bond } from "../model/bond.ts";
import type { Config, NutAddress, Uplink } from "../model/config.ts";
import { withDefaults } from "../model/defaults.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { hostAddressing, mainBond } from "../topology/addressing.ts";
import { portsOnMains } from "../topology/on-mains.ts";
import type { Probing, WatchConfig, WatchedPort } from "../watch/state.ts";
import { type Tuning, wiredTuning } from "../watch/tuning.ts";

/** All the agent goes by, worked out from a configuration once. */
export interface AgentPlan {
  readonly watch: WatchConfig;
  /** The link that bears the host's address: the bond, or a bridge or VLAN on it. */
  readonly holder: string;
  /** The VLAN that address lives in; absent: none. */
  readonly vlan?: number;
  readonly uplinks: readonly PortUplink[];
  /** Declared targets beyond the routers. Those that no port probes are watched beside the brain: a loss is told, nothing is moved. */
  readonly beyond: readonly string[];
  /** Options of the bond that were declared; another value on the live bond is drift. */
  readonly declared: Readonly<Record<string, number>>;
  /** The UPS that can be asked; absent: none. */
  readonly ups?: UpsPlan;
}

/** A UPS to ask, and what its word means for the bond. */
export interface UpsPlan {
  /** As holdfast.yaml calls it. */
  readonly name: string;
  readonly nut: NutAddress;
  /** Ports whose way needs something that hangs on the mains. */
  readonly dark: readonly string[];
}

/** What changes on the host when its traffic goes through this port. */
export interface PortUplink {
  readonly port: string;
  readonly name: string;
  readonly gateway: string;
  /** The host's own address there, CIDR, where it isn't the bond's. */
  readonly address?: string;
  /** None: the usual ones. */
  readonly dns: readonly string[];
}

/** Why there is nothing for an agent to do, in one sentence with what to change. */
export interface PlanProblem {
  readonly message: string;
  readonly hint: string;
}

/** What the agent does for a configuration. `tuning` replaces single numbers of the brain's table: a lab has no two minutes
 *  to wait for calm. */
export function agentPlan(said: Config, tuning: Partial<Tuning> = {}): Result<AgentPlan, PlanProblem> {
  const config = withDefaults(said);
  const bond = mainBond(config);
  if (bond === undefined) return failed({ message: "no bond is declared", hint: "Declare one under bond:." });
  const mode = bond.options.mode ?? "balance-rr";
  if (mode !== "active-backup") {
    return failed({ message: `${bond.name} is ${mode}`, hint: "The agent looks after active-backup bonds." });
  }
  const ordered = inOrder(bond);
  const watch: WatchConfig = {
    bond: bond.name,
    ports: ordered.map((name) => watchedPort(config, bond, name)),
    primary: bond.options.primary,
    reselect: bond.options.primary_reselect === "failure" ? "never" : "when-calm",
    tuning: { ...wiredTuning, ...tuning },
  };
  const declared: Record<string, number> = {};
  for (const name of ["miimon", "arp_interval", "updelay", "downdelay"] as const) {
    const value = bond.options[name];
    if (value !== undefined) declared[name] = value;
  }
  const { holder, vlan } = hostAddressing(config);
  const declaredOn = config.interfaces.find(({ name }) => name === (holder || bond.name));
  const standing = [...(declaredOn?.ipv4.addresses ?? []), ...(declaredOn?.ipv6.addresses ?? [])];
  const uplinks = config.uplinks
    .filter((uplink) => bond.ports.includes(uplink.port))
    .map(({ port, name, gateway, address, dns }) => ({
      port,
      name,
      gateway,
      dns: dns ?? [],
      ...(address === undefined || standing.includes(address) ? {} : { address }),
    }));
  const beyond = beyondTargets(config);
  const way = { holder: holder || bond.name, ...(vlan === undefined ? {} : { vlan }) };
  const ups = upsPlan(config, bond);
  return ok({ watch, ...way, uplinks, beyond, declared, ...(ups === undefined ? {} : { ups }) });
}

function upsPlan(config: Config, bond: Bond): UpsPlan | undefined {
  for (const { name, nut } of config.topology?.power ?? []) {
    if (nut !== undefined) return { name, nut, dark: portsOnMains(config).filter((port) => bond.ports.includes(port)) };
  }
  return undefined;
}

/** The primary first, then as declared: the brain takes the order as preference. */
function inOrder(bond: Bond): readonly string[] {
  const { primary } = bond.options;
  if (primary === undefined || !bond.ports.includes(primary)) return bond.ports;
  return [primary, ...bond.ports.filter((port) => port !== primary)];
}

function watchedPort(config: Config, bond: Bond, name: string): WatchedPort {
  const uplink = config.uplinks.find((one) => one.port === name);
  const isRadio = mediumOf(config, name) === "radio";
  return {
    name,
    medium: isRadio ? "radio" : "wired",
    metered: uplink?.metered ?? false,
    router: routerOf(config, uplink),
    far: uplink === undefined ? [] : farTargets(config, uplink),
    probes: isRadio ? radioProbes(policies.indexOf(bond.options.fail_over_mac ?? "none")) : "always",
  };
}

/** As the kernel counts them. */
const policies: readonly string[] = ["none", "active", "follow"];

/** How a standby radio can be proven under the bond's `fail_over_mac`. An access point answers only the address that associated. With
 *  one address for all ports (none) that is the bond's, and a probe with it would draw the switches' attention to the wrong port.
 *  With follow the kernel would have to give a running radio another address, which it refuses: nothing gets through then. */
function radioProbes(policy: number): Probing {
  if (policy === 1) return "always";
  return policy === 2 ? "unfit" : "while-active";
}

/** The plan under the policy that the live bond has, whatever is declared: probed by another one, a standby would mislead switches. */
export function underPolicy(plan: AgentPlan, failOverMac: number | undefined): AgentPlan {
  if (failOverMac === undefined) return plan;
  const probes = radioProbes(failOverMac);
  const { watch } = plan;
  if (watch.ports.every((port) => port.medium !== "radio" || port.probes === probes)) return plan;
  const ports = watch.ports.map((port) => (port.medium === "radio" ? { ...port, probes } : port));
  return { ...plan, watch: { ...watch, ports } };
}

/** Does the port, or any stretch of its way, go by radio? Only the port's own medium counts: what a router does is its own. */
function mediumOf(config: Config, name: string): "wired" | "radio" {
  const own = config.interfaces.find((one) => one.name === name);
  if (own?.wifi !== undefined) return "radio";
  const cable = config.topology?.cables.find(({ from, to }) => from === name || to === name);
  return cable?.medium === "radio" ? "radio" : "wired";
}

/** What is probed first on a port: its uplink's router, else the gateway of the host's address, else the first target nearby. */
function routerOf(config: Config, uplink: Uplink | undefined): string | undefined {
  if (uplink !== undefined) return uplink.gateway;
  const { gateway, cidr, gateway6 } = hostAddressing(config);
  if (gateway !== undefined) return gateway;
  const network = cidr === undefined ? undefined : parseCidr(cidr);
  const near = config.targets.find((target) => {
    const address = parseAddress(target);
    return address.ok && network?.ok === true && containsAddress(network.value, address.value);
  });
  return near ?? gateway6;
}

/** Targets beyond the router. Only where ports lead to different routers: behind a single one a move would change nothing. */
function farTargets(config: Config, uplink: Uplink): readonly string[] {
  return targetsBeyond(config, [uplink]);
}

/** Targets beyond all routers, whether or not a port probes them. */
function beyondTargets(config: Config): readonly string[] {
  const { gateway, gateway6 } = hostAddressing(config);
  return targetsBeyond(config, config.uplinks).filter((target) => target !== gateway && target !== gateway6);
}

function targetsBeyond(config: Config, uplinks: readonly Uplink[]): readonly string[] {
  const { cidr } = hostAddressing(config);
  const lans = [...uplinks.map(({ address }) => address), cidr].flatMap((text) => {
    const network = text === undefined ? undefined : parseCidr(text);
    return network?.ok === true ? [network.value] : [];
  });
  const gateways = uplinks.map(({ gateway }) => gateway);
  return config.targets.filter((target) => {
    const address = parseAddress(target);
    return address.ok && !gateways.includes(target) && !lans.some((lan) => containsAddress(lan, address.value));
  });
}
