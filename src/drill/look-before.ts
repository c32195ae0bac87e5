import { lstatSync, readdirSync } from "node:fs";
import { release, uptime } from "node:os";
import { join } from "node:path";
import { type KernelBond, readBonds } from "../host/linux/read-bonds.ts";
import type { Host } from "../host/ports.ts";
import { failed, ok, type Result } from "../model/result.ts";
import type { StatusDocument } from "../report/status-input.ts";
import { type Router, routerOver } from "./router-over.ts";

/** Why nothing was cut. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** The host as a drill finds it. */
export interface Found {
  readonly bond: KernelBond;
  /** undefined: no default route over the bond by a router. */
  readonly router: Router | undefined;
  readonly kernel: string;
}

export interface LookOptions {
  readonly host: Host;
  readonly bond: string | undefined;
  readonly agent: StatusDocument | undefined;
  /** Where transactions are kept: "/var/lib/holdfast/tx". */
  readonly transactions: string;
}

/** May this host be drilled now? Only with every port fit, and with nothing else going on. */
export async function lookBefore(options: LookOptions): Promise<Result<Found, Refusal>> {
  const bonds = await readBonds();
  const bond = options.bond === undefined ? mainBond(bonds) : bonds.find(({ name }) => name === options.bond);
  if (bond === undefined) {
    const named = options.bond === undefined ? "this host has no bond" : `this host has no bond ${options.bond}`;
    return failed({ message: named, hint: "holdfast status shows what there is." });
  }
  const refusal =
    ofBoot(uptime()) ?? ofTransaction(options.transactions) ?? ofBond(bond) ?? ofAgent(bond, options.agent);
  if (refusal !== undefined) return failed(refusal);
  return ok({ bond, router: routerOver(options.host, bond.name), kernel: release() });
}

function mainBond(bonds: readonly KernelBond[]): KernelBond | undefined {
  return bonds.find(({ mode }) => mode === "active-backup") ?? bonds[0];
}

/** Spanning tree, DHCP and an agent's first answers take their time; what is measured meanwhile is the boot. */
const BOOT_SECONDS = 120;

function ofBoot(seconds: number): Refusal | undefined {
  if (seconds >= BOOT_SECONDS) return undefined;
  return {
    message: `this host was booted ${Math.round(seconds)} s ago`,
    hint: `Its network is left to settle for ${BOOT_SECONDS / 60} minutes: try again in ${Math.ceil(BOOT_SECONDS - seconds)} s.`,
  };
}

function ofTransaction(folder: string): Refusal | undefined {
  const active = join(folder, "active");
  try {
    lstatSync(active);
  } catch {
    return undefined;
  }
  return {
    message: "a change of this host's network is under way and not confirmed",
    hint: "Confirm it (holdfast confirm) or take it back (holdfast rollback) first.",
  };
}

function ofBond(bond: KernelBond): Refusal | undefined {
  if (bond.mode !== "active-backup") {
    return { message: `${bond.name} is ${bond.mode}, not active-backup`, hint: "Drills are for active-backup." };
  }
  if (bond.ports.length < 2) {
    return {
      message: `${bond.name} has ${bond.ports.length} port: nothing could take over`,
      hint: "Add a second port.",
    };
  }
  const lame = bond.ports.filter(({ state }) => state !== "up");
  if (lame.length === 0 && bond.active !== "") return undefined;
  const names = lame.map(({ name }) => name).join(" and ");
  return {
    message:
      names === "" ? `${bond.name} has no active port` : `redundancy isn't full: ${names} could not carry traffic`,
    hint: "Mend that first; holdfast status shows it.",
  };
}

/** What only an agent knows. */
function ofAgent(bond: KernelBond, status: StatusDocument | undefined): Refusal | undefined {
  if (status === undefined || status.source !== "agent" || status.bond?.name !== bond.name) return undefined;
  const hint = "holdfast status shows it.";
  const { redundancy, lastOutage, order, ports, ups } = status;
  if (lastOutage !== null && lastOutage.lastedMs === null) return { message: "an outage is under way", hint };
  if (redundancy === null) return { message: "the agent doesn't know yet what works", hint: "Wait a few seconds." };
  if (redundancy.usable < redundancy.declared) {
    return { message: `redundancy isn't full: ${redundancy.missing.join(" and ")} could not carry traffic`, hint };
  }
  if (order !== "auto") return { message: `the bond is pinned to ${order.pinned}`, hint: "Give it back: auto." };
  const drained = ports.find((port) => port.drained);
  if (drained !== undefined) return { message: `${drained.name} is drained`, hint: "Give it back: undrain." };
  if (ups?.state === "battery" || ups?.state === "low") return { message: "the UPS runs on its battery", hint };
  return undefined;
}

/** What would be lost if the port were set down, beside the bond's traffic; "" nothing. */
export function boundTo(port: string, bond: string): string {
  try {
    const above = readdirSync(`/sys/class/net/${port}`)
      .filter((name) => name.startsWith("upper_"))
      .map((name) => name.slice("upper_".length))
      .filter((name) => name !== bond);
    return above.join(", ");
  } catch {
    return "";
  }
}
