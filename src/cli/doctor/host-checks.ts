import type { DoctorCheck } from "../../api/types.ts";
import { sayLink } from "../../init/notes.ts";
import { candidates, type Seen } from "../../init/seen.ts";
import { type Config, emptyConfig } from "../../model/config.ts";
import type { HostLink, HostState } from "../../model/host-state.ts";
import { managers } from "../../model/managers.ts";
import { check } from "../../rules/check.ts";
import { listed } from "../../topology/faults.ts";

/** Whether a host could carry a bond: what its kernel, its ports and its managers say, each with what mends it. */
export function hostChecks(seen: Seen): readonly DoctorCheck[] {
  const { host } = seen;
  const ports = candidates(seen);
  return [kernelCheck(host), portsCheck(ports), ...ports.map((port) => portCheck(host, port)), ...managerChecks(host)];
}

function kernelCheck({ kernel, bonding }: HostState): DoctorCheck {
  const id = "bonding";
  const name = kernel === "" ? "this kernel" : `kernel ${kernel}`;
  switch (bonding?.driver) {
    case "loaded":
      return { id, state: "fine", about: `${name} has the bonding driver, and it is loaded` };
    case "loadable":
      return { id, state: "fine", about: `${name} has the bonding driver; it is loaded with the first bond` };
    case "absent":
      return {
        id,
        state: "missing",
        about: `${name} has no bonding driver: no bond can be made`,
        hint: otherKernel(kernel),
      };
    case undefined: {
      const about = `${name} doesn't show whether it has the bonding driver, as in a container`;
      return { id, state: "reduced", about, hint: "Try on the host itself: sudo modprobe --dry-run bonding" };
    }
  }
}

function otherKernel(kernel: string): string {
  if (/-(aws|azure|gcp|kvm|oracle|generic|virtual)$/.test(kernel))
    return `Install the rest of its modules: sudo apt-get install linux-modules-extra-${kernel}`;
  if (/-cloud-/.test(kernel))
    return "Install the kernel with all drivers: sudo apt-get install linux-image-amd64 (on ARM linux-image-arm64)";
  return "Use a kernel with CONFIG_BONDING, as every distribution's own has it.";
}

function portsCheck(ports: readonly HostLink[]): DoctorCheck {
  const id = "ports";
  const names = ports.map(({ name }) => name);
  if (ports.length > 1)
    return { id, state: "fine", about: `${names.length} ports could stand in for each other: ${listed(names)}` };
  const about = ports.length === 0 ? "no port is there" : `only one port is there: ${names[0]}`;
  return { id, state: "reduced", about, hint: "Plug in a USB network adapter, or switch the Wi-Fi on." };
}

/** What the rules say of a port whatever the bond will be. */
const portRules = new Set([
  "port-cannot-change-mac",
  "carrier-always-on",
  "rfkill-blocks-port",
  "virtual-function-keeps-mac",
  "port-has-macvlan",
  "random-mac-on-port",
  "two-supplicants",
]);

/** The port as it would be in a bond of Holdfast's: the rules that `check --host` has for bonds that are there. */
function portCheck(host: HostState, port: HostLink): DoctorCheck {
  const id = `port-${port.name}`;
  const found = check({
    dialect: "holdfast",
    files: new Map(),
    config: bondOver(port, host),
    origins: new Map(),
    diagnostics: [],
    host,
  }).filter(({ code }) => portRules.has(code));
  const [first] = found.toSorted((one, other) => Number(other.severity === "error") - Number(one.severity === "error"));
  if (first !== undefined)
    return { id, state: "reduced", about: first.message, ...(first.hint === undefined ? {} : { hint: first.hint }) };
  const about = [port.name, sayLink(port)].filter((word) => word !== "").join(": ");
  if (!port.isUp) return { id, state: "fine", about: `${about}; it is down, so nothing is known of its carrier` };
  if (port.hasCarrier !== false) return { id, state: "fine", about: `${about}; it reports its carrier` };
  const hint = port.isRadio ? "It has joined no network yet: holdfast init asks for its name." : "Put the cable in.";
  return { id, state: "reduced", about, hint };
}

function bondOver(port: HostLink, host: HostState): Config {
  const own = host.bonds.find(({ ports }) => ports.includes(port.name));
  const other = host.links.find(({ name }) => name !== port.name && name !== "lo")?.name;
  const ports = own?.ports ?? [port.name, ...(other === undefined ? [] : [other])];
  return {
    ...emptyConfig,
    bonds: [{ name: own?.name ?? "bond0", ports: [port.name, ...ports.slice(1)], options: own?.options ?? {} }],
  };
}

/** Managers that Holdfast can have make a bond. */
const driven = new Set(["ifupdown", "networkd", "networkmanager"]);

function managerChecks({ managers: found, links, inCharge, fileOwners = [] }: HostState): readonly DoctorCheck[] {
  const clashes = links
    .filter(({ owners }) => owners.length > 1)
    .map(({ name, owners }): DoctorCheck => {
      const titles = listed(owners.map((owner) => managers[owner].title));
      const hint = `Leave ${name} to one of them (NetworkManager: unmanaged-devices=; networkd: Unmanaged=yes; ifupdown: no stanza).`;
      return {
        id: `manager-of-${name}`,
        state: "missing",
        about: `${titles} both configure ${name}, and take it from each other`,
        hint,
      };
    });
  const rivals = found.filter(
    ({ name, isRunning, languages }) => name !== inCharge && isRunning && (languages.length > 0 || name === "dhcpcd"),
  );
  return [
    managerCheck(inCharge),
    ...clashes,
    ...rivals.map(({ name }): DoctorCheck => {
      const { title } = managers[name];
      const about = `${title} runs beside the manager in charge, and may take the ports of a bond for its own`;
      return {
        id: `rival-${name}`,
        state: "reduced",
        about,
        hint: `Stop it (sudo systemctl disable --now ${managers[name].units[0]}), or tell it to keep away from the ports.`,
      };
    }),
    ...fileOwners.map(({ program, file }): DoctorCheck => {
      const hint =
        program === "cloud-init"
          ? "Write network: {config: disabled} into /etc/cloud/cloud.cfg.d/99-network.cfg once the bond is there."
          : `Make the change in ${program}'s own way: holdfast render shows what it must say.`;
      return { id: "file-owner", state: "reduced", about: `${file} is written anew by ${program}`, hint };
    }),
  ];
}

function managerCheck(inCharge: HostState["inCharge"]): DoctorCheck {
  const id = "manager";
  if (inCharge === undefined) {
    const about = "nobody was found who manages this host's network";
    return {
      id,
      state: "reduced",
      about,
      hint: "apply --to netlink changes what runs until the next boot; or install ifupdown.",
    };
  }
  const { title } = managers[inCharge];
  if (driven.has(inCharge))
    return { id, state: "fine", about: `${title} manages the network, and makes bonds as Holdfast asks` };
  const hint =
    "Write its files with holdfast render, and put them in place under holdfast guard; or hand the network to NetworkManager.";
  return { id, state: "reduced", about: `${title} manages the network, and apply can't have it make a bond`, hint };
}
