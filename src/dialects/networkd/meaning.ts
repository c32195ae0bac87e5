import type { FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import { type Config, emptyConfig } from "../../model/config.ts";
import type { BondOptions } from "../../model/options.ts";
import type { Parsed } from "../dialect.ts";
import { readSupplicantFiles } from "../wpa-supplicant.ts";
import { type Assigned, assign } from "./assign.ts";
import { describe } from "./describe.ts";
import type { Host } from "./host.ts";
import { type LinkFile, readLinkFile } from "./read-link.ts";
import { type NetDev, readNetDev } from "./read-netdev.ts";
import { type NetworkFile, readNetwork, refusedKind } from "./read-network.ts";
import { type Problems, report, shown } from "./report.ts";
import { tellSyntax } from "./tell-syntax.ts";
import { readUnits } from "./units.ts";

/** Reads units with the meaning networkd 252 gives them. */
export function parse(files: FileSet): Parsed {
  const problems: Problems = [];
  const host = readHost(files, problems);
  const assigned = assign(host, problems);
  const origins = new Map<string, Span>();
  const bonds = bondsOf(host, assigned, origins, problems);
  const supplicants = readSupplicantFiles(files, problems);
  const interfaces = describe(host, assigned, supplicants, origins, problems);
  const config: Config = { ...emptyConfig, bonds, interfaces };
  return { config, origins, diagnostics: problems };
}

function readHost(files: FileSet, problems: Problems): Host {
  const units = readUnits(files);
  for (const unit of units) tellSyntax(unit, problems);
  const devices = new Map<string, NetDev>();
  for (const unit of units.filter(({ kind }) => kind === "netdev")) {
    const device = readNetDev(unit, problems);
    if (device === undefined) continue;
    if (!devices.has(device.name)) devices.set(device.name, device);
    else {
      const message = `${unit.name}: ${device.name} is made by an earlier file already; this one is passed over`;
      report(problems, "networkd-shadowed", "warning", message, device.nameAt);
    }
  }
  const links = new Map<string, LinkFile>();
  for (const unit of units.filter(({ kind }) => kind === "link")) {
    const link = readLinkFile(unit, problems);
    if (link !== undefined && !links.has(link.name)) links.set(link.name, link);
  }
  // A bond that the kernel refuses is there for nobody.
  const kindOf = (name: string) => {
    const device = devices.get(name);
    return device?.refusal === undefined ? device?.kind : refusedKind;
  };
  const networks = units
    .filter(({ kind }) => kind === "network")
    .flatMap((unit) => {
      const network = readNetwork(unit, kindOf, problems);
      if (!network.match.isEmpty) return [network];
      const message = `${unit.name} has no condition in [Match]: networkd leaves it aside`;
      const hint = "Add Name= with the link's name.";
      report(problems, "networkd-no-match", "error", message, network.at, hint);
      return [];
    });
  return { devices, links, networks };
}

function bondsOf(host: Host, assigned: Assigned, origins: Map<string, Span>, problems: Problems): readonly Bond[] {
  const ports = new Map<string, { readonly name: string; readonly file: NetworkFile }[]>();
  for (const [name, file] of assigned.files) {
    const bond = file.bond?.value;
    if (bond === undefined) continue;
    if (bond === name) tellSelf(name, file, problems);
    else ports.set(bond, [...(ports.get(bond) ?? []), { name, file }]);
  }
  return [...host.devices.values()]
    .filter(({ kind, refusal }) => kind === "bond" && refusal === undefined)
    .map((device) => {
      const joined = ports.get(device.name) ?? [];
      origins.set(`bond/${device.name}`, device.nameAt);
      for (const [option, at] of device.places) origins.set(`bond/${device.name}/option/${option}`, at);
      for (const { name, file } of joined)
        origins.set(`bond/${device.name}/port/${name}`, file.bond?.valueAt ?? file.at);
      const options = { ...device.options, ...portNamed(device, joined, origins, problems) };
      return { name: device.name, ports: joined.map(({ name }) => name), options };
    });
}

function tellSelf(name: string, file: NetworkFile, problems: Problems): void {
  const message = `${file.unit.name} is the first file that fits ${name} itself: networkd tries to put ${name} into ${name}, and it gets no address`;
  const hint = `Match the ports by PermanentMACAddress= or Name=, or give ${name} a file that sorts before this one.`;
  report(problems, "networkd-self-master", "error", message, file.at, hint);
}

const withActivePort: readonly (string | undefined)[] = ["active-backup", "balance-tlb", "balance-alb"];

/** PrimarySlave= and ActiveSlave= of the ports. Each port is set when it has joined; of several the last to join wins. */
function portNamed(
  device: NetDev,
  joined: readonly { readonly name: string; readonly file: NetworkFile }[],
  origins: Map<string, Span>,
  problems: Problems,
): BondOptions {
  const options: { primary?: string; active_slave?: string } = {};
  for (const [field, option, word] of [
    ["primary", "primary", "PrimarySlave"],
    ["active", "active_slave", "ActiveSlave"],
  ] as const) {
    const said = joined.filter(({ file }) => file[field] !== undefined);
    const [first, second] = said;
    const at = first?.file[field]?.valueAt;
    if (first === undefined || at === undefined) continue;
    if (!withActivePort.includes(device.options.mode)) {
      const mode = device.options.mode ?? "balance-rr";
      const message = `${first.name}: ${word}= has no meaning in mode ${mode}, and networkd marks the port as failed`;
      report(problems, "networkd-port-fails", "error", message, at, "Remove it, or set Mode=active-backup.");
      continue;
    }
    if (second !== undefined) {
      const names = said.map(({ name }) => name).join(", ");
      const message = `${device.name}: ${word}= stands in the files of ${shown(names)}; the port that joins last wins`;
      report(
        problems,
        "networkd-primary-twice",
        "warning",
        message,
        second.file[field]?.valueAt ?? at,
        "Keep it in one file.",
      );
    }
    options[option] = first.name;
    origins.set(`bond/${device.name}/option/${option}`, at);
  }
  return options;
}
