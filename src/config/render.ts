import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Bond, Wifi } from "../model/bond.ts";
import type { Config, Interface, SectionName, Sections, Uplink } from "../model/config.ts";
import { hasOwnPolicy, holdfastBondDefaults } from "../model/defaults.ts";
import { type BondOptions, type OptionName, optionNames, optionRow } from "../model/options.ts";
import { formatDuration } from "./duration.ts";
import { holdfastShape } from "./holdfast-shape.ts";
import { lossesOf } from "./render-losses.ts";
import { flow, type Lines, text } from "./render-text.ts";
import { renderTopology } from "./render-topology.ts";
import { spell } from "./spell.ts";

/** A holdfast.yaml for a configuration, with comments for its readers, and what the file cannot say. */
export interface RenderedHoldfast {
  readonly text: string;
  readonly losses: readonly Diagnostic[];
}

const sectionNames: readonly SectionName[] = ["notify", "drill", "agent", "dashboard"];

/** Writes a configuration as holdfast.yaml. Total. Reading the text back gives the configuration again, less the losses.
 *  Pass a configuration whose silence means Holdfast's defaults; for one from another language, spell out its own first
 *  (spellOutKernelDefaults). */
export function renderHoldfast(config: Config): RenderedHoldfast {
  const bonds = config.bonds.filter((bond) => bond.ports.length > 0);
  const lines: Lines = [
    "# What this host shall be. Check it with `holdfast check`, prove it with `holdfast rehearse`.",
    ...bonds.flatMap((bond, index) =>
      bonds.length === 1
        ? ["", "bond:", ...renderBond(config, bond, "  ")]
        : [...(index === 0 ? ["", "bond:"] : []), ...asItem(renderBond(config, bond, "    "))],
    ),
    ...renderUplinks(config.uplinks),
    ...(config.targets.length === 0 ? [] : ["", "# What probes are sent to.", `targets: ${flow(config.targets)}`]),
    ...renderObjectives(config),
    ...(config.topology === undefined ? [] : renderTopology(config.topology)),
    ...renderSections(config.sections ?? {}),
  ];
  return { text: `${lines.join("\n")}\n`, losses: lossesOf(config) };
}

/** The same configuration with the kernel's defaults said aloud wherever Holdfast's differ, so that a file made from
 *  another language's keeps its meaning. */
export function spellOutKernelDefaults(config: Config): Config {
  return {
    ...config,
    bonds: config.bonds.map((bond) => {
      const mode = bond.options.mode ?? "balance-rr";
      const monitored = (bond.options.miimon ?? 0) > 0 || (bond.options.arp_interval ?? 0) > 0;
      const kernelMonitors = ["802.3ad", "balance-tlb", "balance-alb"].includes(mode);
      const options: BondOptions = {
        mode,
        ...(monitored || kernelMonitors ? {} : { miimon: 0 }),
        ...(mode === "active-backup" ? { num_peer_notif: 1 } : {}),
        ...(bond.options.mode !== undefined && hasOwnPolicy(config, bond) ? { fail_over_mac: "none" } : {}),
        ...bond.options,
      };
      return { ...bond, options };
    }),
  };
}

function renderSections(sections: Sections): Lines {
  return sectionNames.flatMap((name) => {
    const value = sections[name];
    return value === undefined ? [] : ["", `${name}: ${flow(spell(holdfastShape.fields[name], value))}`];
  });
}

function asItem(lines: Lines): Lines {
  return lines.map((line, index) => (index === 0 ? `  - ${line.trimStart()}` : line));
}

function renderBond(config: Config, bond: Bond, indent: string): Lines {
  const one = config.interfaces.find((candidate) => candidate.name === bond.name);
  const { primary, mode, ...others } = bond.options;
  return [
    `name: ${text(bond.name)}`,
    ...(mode === undefined
      ? []
      : [
          `mode: ${text(mode)}${mode === holdfastBondDefaults.mode ? "" : "   # not a mode Holdfast's agent, rehearsals and drills are for"}`,
        ]),
    ...(primary === undefined ? [] : [`primary: ${text(primary)}   # preferred whenever it works`]),
    "ports:",
    ...bond.ports.flatMap((port) => renderPort(config, bond, port)),
    ...(one === undefined ? [] : renderNetwork(one)),
    ...renderOptions(others),
  ].map((line) => `${indent}${line}`);
}

function renderPort(config: Config, bond: Bond, name: string): Lines {
  const one = config.interfaces.find((candidate) => candidate.name === name);
  const options = bond.portOptions?.[name];
  const more: Lines = [
    ...(one?.match === undefined ? [] : [`match: ${flow({ ...one.match })}`]),
    ...(one?.wifi === undefined ? [] : renderWifi(one.wifi)),
    ...(one?.mtu === undefined ? [] : [`mtu: ${one.mtu}`]),
    ...(one === undefined || one.start === "boot" ? [] : [`start: ${one.start}`]),
    ...(options === undefined || Object.keys(options).length === 0 ? [] : [`options: ${flow({ ...options })}`]),
  ];
  if (more.length === 0) return [`  - ${text(name)}`];
  return [`  - name: ${text(name)}`, ...more.map((line) => `    ${line}`)];
}

function renderWifi(wifi: Wifi): Lines {
  const psk = wifi.psk;
  return [
    "wifi:",
    `  ssid: ${text(wifi.ssid)}`,
    ...(psk === undefined
      ? []
      : "file" in psk
        ? [`  psk: ${flow({ file: psk.file })}`]
        : ["  # psk: {file: secrets/NAME.psk}   put the pass phrase there; it never stands here"]),
    ...(wifi.settings === undefined ? [] : [`  settings: ${flow({ ...wifi.settings })}`]),
  ];
}

function renderNetwork(one: Interface): Lines {
  const addresses = [...one.ipv4.addresses, ...one.ipv6.addresses];
  const gateways = [one.ipv4.gateway, one.ipv6.gateway].filter((gateway) => gateway !== undefined);
  const routes = [...(one.ipv4.routes ?? []), ...(one.ipv6.routes ?? [])];
  const metric = one.ipv4.metric ?? one.ipv6.metric;
  return [
    ...(one.ipv4.method === "dhcp" ? ["dhcp: true"] : []),
    ...(one.ipv6.method === "auto" || one.ipv6.method === "dhcp" ? [`ipv6: ${one.ipv6.method}`] : []),
    ...(addresses.length === 0 ? [] : [`address: ${flow(addresses)}`]),
    ...(gateways.length === 0 ? [] : [`gateway: ${flow(gateways)}`]),
    ...(metric === undefined ? [] : [`metric: ${metric}`]),
    ...(routes.length === 0 ? [] : ["routes:", ...routes.map((route) => `  - ${flow({ ...route })}`)]),
    ...((one.dns?.servers.length ?? 0) === 0 ? [] : [`dns: ${flow(one.dns?.servers ?? [])}`]),
    ...((one.dns?.search.length ?? 0) === 0 ? [] : [`search: ${flow(one.dns?.search ?? [])}`]),
    ...(one.mtu === undefined ? [] : [`mtu: ${one.mtu}`]),
    ...(one.mac === undefined ? [] : [`mac: ${text(one.mac)}`]),
    ...(one.start === "boot" ? [] : [`start: ${one.start}`]),
  ];
}

function renderOptions(options: BondOptions): Lines {
  const said = optionNames.filter((name) => options[name] !== undefined && name !== "active_slave");
  return said.map((name) => `${name}: ${optionText(name, options)}`);
}

function optionText(name: OptionName, options: BondOptions): string {
  const value = options[name];
  const row = optionRow(name);
  if (row.kind === "int" && row.unit === "ms" && typeof value === "number")
    return value === 0 ? "0" : formatDuration(value);
  return flow(value ?? null);
}

function renderUplinks(uplinks: readonly Uplink[]): Lines {
  if (uplinks.length === 0) return [];
  const lines = uplinks.map(
    ({ name, port, gateway, address, dns, metered, provider }) =>
      `  ${text(name)}: ${flow({ port, gateway, address, dns, metered, provider })}`,
  );
  return ["", "# Ways to the Internet, each behind a router of its own.", "uplinks:", ...lines];
}

function renderObjectives(config: Config): Lines {
  if (config.objectives === undefined) return [];
  const { outageMs, tcp } = config.objectives;
  return ["", "# What a rehearsal must hold.", `objectives: ${flow({ outage: formatDuration(outageMs), tcp })}`];
}
