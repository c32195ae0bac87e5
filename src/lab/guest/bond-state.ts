import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { BondSeen } from "../../measure/rehearsal.ts";

/** What the host's kernel says of its bonds, addresses and routes, from sysfs and procfs. */

const CLASS = "/sys/class/net";

/** Every bond, by name. */
export function readBonds(): readonly BondSeen[] {
  return readdirSync(CLASS)
    .filter((name) => readOption(name, "mode") !== "")
    .toSorted()
    .map((name) => ({
      name,
      // "active-backup 1": the word, without the number.
      mode: word(name, "mode"),
      miimon: Number(word(name, "miimon")),
      arpInterval: Number(word(name, "arp_interval")),
      primary: word(name, "primary"),
      activePort: word(name, "active_slave"),
      ports: readOption(name, "slaves")
        .split(" ")
        .filter((port) => port !== ""),
      failOverMac: word(name, "fail_over_mac"),
    }));
}

/** The bond drills are about: the first in active-backup, or the first there is. */
export function mainBond(bonds: readonly BondSeen[]): BondSeen | undefined {
  return bonds.find(({ mode }) => mode === "active-backup") ?? bonds[0];
}

export function readActivePort(bond: string): string {
  return word(bond, "active_slave");
}

/** How long after it has carrier again a port waits before it may carry traffic, ms. */
export function readUpdelayMs(bond: string): number {
  return Number(word(bond, "updelay"));
}

/** Does the bond go back by itself to the port it started with? */
export function returnsToPrimary(bond: BondSeen): boolean {
  return bond.primary !== "" && bond.primary === bond.activePort && word(bond.name, "primary_reselect") === "always";
}

/** Puts a bond back on a port. The kernel may refuse (the port is down); nothing changes then. */
export function putActivePort(bond: string, port: string): void {
  try {
    writeFileSync(`${CLASS}/${bond}/bonding/active_slave`, port);
  } catch {
    // The caller sees by reading back; there is nothing else to try.
  }
}

/** Every address of the host, loopback and link-local left out. */
export function readAddresses(): readonly { readonly dev: string; readonly cidr: string }[] {
  return Object.entries(networkInterfaces()).flatMap(([dev, entries]) =>
    (entries ?? [])
      .filter(({ internal, address, cidr }) => !internal && cidr !== null && !address.startsWith("fe80:"))
      .map(({ cidr }) => ({ dev, cidr: cidr ?? "" })),
  );
}

/** IPv4 routes of the main table. */
export function readRoutes(): readonly { readonly to: string; readonly via: string; readonly dev: string }[] {
  const [, ...lines] = readFileSync("/proc/net/route", "utf8").trim().split("\n");
  return lines.map((line) => {
    const [dev = "", to = "", via = "", , , , , mask = ""] = line.split("\t");
    const length = dotted(mask)
      .split(".")
      .map((byte) => Number(byte).toString(2).replaceAll("0", "").length)
      .reduce((sum, bits) => sum + bits, 0);
    return {
      to: length === 0 ? "default" : `${dotted(to)}/${length}`,
      via: via === "00000000" ? "" : dotted(via),
      dev,
    };
  });
}

/** "0101A8C0" (a little-endian word) as 192.168.1.1. */
function dotted(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");
}

function word(bond: string, option: string): string {
  return readOption(bond, option).split(" ")[0] ?? "";
}

function readOption(bond: string, option: string): string {
  try {
    return readFileSync(`${CLASS}/${bond}/bonding/${option}`, "utf8").trim();
  } catch {
    return "";
  }
}
