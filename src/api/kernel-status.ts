import type { KernelBond } from "../host/linux/read-bonds.ts";
import type { StatusDocument, StatusPort } from "../report/status-input.ts";
import type { ProcPort } from "../wire/proc-bonding.ts";

/** What the kernel alone tells of a bond: of the one asked for, or the first in active-backup, or the first there is.
 *  Paths aren't probed by it, so a port with carrier counts as usable. undefined: there is none of that name. */
export function kernelStatus(
  bonds: readonly KernelBond[],
  asked: string | undefined,
  now: number,
): StatusDocument | undefined {
  const main = bonds.find(({ mode }) => mode === "active-backup") ?? bonds[0];
  const bond = asked === undefined ? main : bonds.find(({ name }) => name === asked);
  if (bond === undefined && asked !== undefined) return undefined;
  const ports = bond === undefined ? [] : bond.ports.map((port) => portStatus(bond, port));
  return {
    source: "kernel",
    at: now,
    bond: bond === undefined ? null : bondStatus(bond),
    ports,
    paths: [],
    redundancy: redundancyOf(ports),
    since: null,
    lastOutage: null,
    order: "auto",
    otherBonds: bonds.filter((each) => each !== bond).map(({ name }) => name),
  };
}

function bondStatus({
  name,
  mode,
  isUp,
  active,
  primary,
  miimon,
  arpInterval,
  addresses,
}: KernelBond): StatusDocument["bond"] {
  return { name, mode, carrier: isUp, active, primary, miimon, arpInterval, addresses };
}

const notes = {
  up: "",
  down: "no carrier",
  "going down": "waits for downdelay",
  "going back": "waits for updelay",
} as const;

function portStatus(bond: KernelBond, port: ProcPort): StatusPort {
  const isUp = port.state === "up" || port.state === "going down";
  return {
    name: port.name,
    medium: bond.radios.includes(port.name) ? "radio" : "wired",
    carrier: port.state !== "down" && port.state !== "going down",
    present: true,
    active: port.name === bond.active,
    drained: false,
    metered: false,
    usable: isUp,
    note: notes[port.state],
    speedMbps: port.speedMbps,
    failures: port.failures,
  };
}

function redundancyOf(ports: readonly StatusPort[]): StatusDocument["redundancy"] {
  if (ports.length === 0) return null;
  const missing = ports.filter(({ usable }) => !usable).map(({ name }) => name);
  return { usable: ports.length - missing.length, declared: ports.length, missing };
}
