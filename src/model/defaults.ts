import type { Bond } from "./bond.ts";
import type { Config, Interface, Objectives } from "./config.ts";
import { type BondOptions, bondOptions, type Mode, type OptionName, type OptionValue, optionRow } from "./options.ts";

/** What a bond gets where a holdfast.yaml says nothing. The kernel's own defaults (balance-rr, no monitor) never fail over. */
export const holdfastBondDefaults = {
  mode: "active-backup",
  /** ms. Costs next to nothing, and every driver answers it; the outage is half of it on average. */
  miimon: 100,
  /** A single announcement can be lost on a radio, and the switch then sends to the old port for seconds. */
  num_peer_notif: 3,
} as const satisfies BondOptions;

/** What is promised where a holdfast.yaml names no objective. */
export const defaultObjectives: Objectives = { outageMs: 1000, tcp: "survives" };

/** The configuration with Holdfast's defaults filled in, for one that a holdfast.yaml declared. Not for what another
 *  dialect declared: there, silence means the kernel's defaults. Doing it twice changes nothing. */
export function withDefaults(config: Config): Config {
  return {
    ...config,
    bonds: config.bonds.map((bond) => bondWithDefaults(withPolicy(config, bond))),
    targets: config.targets.length > 0 ? config.targets : ["gateway"],
    objectives: config.objectives ?? defaultObjectives,
  };
}

/** Where a port is a radio, each port keeps its own MAC address: with one for all, other stations of the same access point can't reach the
 *  host, and the radio can't be proven while it stands by. Not below a bridge, which sends with an address of its own that an
 *  access point lets pass only if it is the radio's. Measured: docs/decisions/0025. */
function withPolicy(config: Config, bond: Bond): Bond {
  return hasOwnPolicy(config, bond) ? { ...bond, options: { ...bond.options, fail_over_mac: "active" } } : bond;
}

/** Is Holdfast's fail_over_mac another than the kernel's where this bond says nothing of it? */
export function hasOwnPolicy({ interfaces }: Config, bond: Bond): boolean {
  const isRadio = ({ name, wifi }: Interface): boolean => wifi !== undefined && bond.ports.includes(name);
  const { mode = holdfastBondDefaults.mode, fail_over_mac } = bond.options;
  const vlans = interfaces.flatMap(({ name, vlan }) => (vlan?.parent === bond.name ? [name] : []));
  const isBridged = interfaces.some(({ bridge }) => bridge?.ports.some((name) => [bond.name, ...vlans].includes(name)));
  return fail_over_mac === undefined && mode === "active-backup" && !isBridged && interfaces.some(isRadio);
}

/** One bond with Holdfast's defaults. A monitor that was chosen stays the only one; other modes keep the kernel's notices. */
export function bondWithDefaults(bond: Bond): Bond {
  const said = bond.options;
  const mode = said.mode ?? holdfastBondDefaults.mode;
  const monitored = (said.miimon ?? 0) > 0 || (said.arp_interval ?? 0) > 0 || said.miimon === 0;
  return {
    ...bond,
    options: {
      mode,
      ...(monitored ? {} : { miimon: holdfastBondDefaults.miimon }),
      ...(mode === "active-backup" ? { num_peer_notif: holdfastBondDefaults.num_peer_notif } : {}),
      ...said,
    },
  };
}

/** The value in force on a kernel: what was said, else the kernel's default in the bond's mode; undefined for a port nobody named. */
export function optionInForce<K extends OptionName>(options: BondOptions, name: K): OptionValue<K> | undefined {
  const said = options[name] as OptionValue<K> | undefined;
  if (said !== undefined) return said;
  const row = optionRow(name);
  const mode = (options.mode ?? bondOptions.mode.default) as Mode;
  const inMode = row.kind === "int" ? row.defaultIn?.[mode] : undefined;
  return (inMode ?? row.default ?? undefined) as OptionValue<K> | undefined;
}
