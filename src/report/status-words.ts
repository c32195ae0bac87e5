import type { Role } from "../diagnostic/text-style.ts";
import { span } from "../notify/words.ts";
import type { Calendar } from "./moments.ts";
import type { StatusBond, StatusDocument, StatusPath, StatusPort } from "./status-input.ts";
import { sayMs } from "./words.ts";

/** "em1 carries traffic for 3 d", and what else may be the case. */
export function carrierOf({ bond, since, lastOutage }: StatusDocument, calendar: Calendar): string {
  if (bond === null) return "";
  if (bond.active === "")
    return oneCarries(bond.mode) || !bond.carrier ? "no port carries traffic" : "all ports carry traffic";
  if (lastOutage !== null && lastOutage.lastedMs === null) return `${bond.active} is active, and nothing gets through`;
  return `${bond.active} carries traffic${since === null ? "" : ` for ${span(Math.max(0, calendar.now - since))}`}`;
}

/** How the bond is set, in a line: "active-backup · miimon 100 · primary em1 · 192.168.1.105/24"; "" no bond. */
export function factsOf({ bond, order }: StatusDocument): string {
  if (bond === null) return "";
  const facts = [bond.mode, monitorOf(bond), bond.primary === "" ? "no primary" : `primary ${bond.primary}`];
  if (order !== "auto") facts.push(`pinned to ${order.pinned}`);
  return [...facts, ...bond.addresses].join(" · ");
}

function monitorOf({ miimon, arpInterval }: StatusBond): string {
  if (arpInterval > 0) return `ARP monitor ${arpInterval}`;
  return miimon > 0 ? `miimon ${miimon}` : "no link monitor";
}

/** Modes in which the kernel names an active port. */
function oneCarries(mode: string): boolean {
  return mode === "active-backup" || mode === "balance-tlb" || mode === "balance-alb";
}

/** The one thing to know, and its colour. */
export function stateOf({ bond, lastOutage, redundancy, source }: StatusDocument): readonly [Role, string] {
  if (bond === null || !bond.carrier || (bond.active === "" && oneCarries(bond.mode))) return ["error", "✗ down"];
  if (lastOutage !== null && lastOutage.lastedMs === null) return ["error", "✗ outage"];
  if (redundancy === null) return ["note", "… looking"];
  const count = `${redundancy.usable} of ${redundancy.declared} ports usable`;
  if (redundancy.declared < 2) return ["warning", "! one port only: no redundancy"];
  if (redundancy.usable < redundancy.declared) return ["warning", `! ${count}`];
  // Without probes only carriers are known: no reason for a green mark.
  return source === "agent" ? ["hint", `✓ ${count}`] : ["note", `${count}, by carrier alone`];
}

/** A port's mark, the colour of it, and the word for how it stands. */
export function standingOf(port: StatusPort): readonly [string, Role, string] {
  if (!port.present) return ["✗", "error", "gone"];
  if (port.active) return port.usable ? ["●", "hint", "active"] : ["●", "error", "active"];
  if (!port.usable) return ["✗", "error", port.drained ? "drained" : "unusable"];
  return port.drained ? ["○", "warning", "drained"] : ["○", "note", "standby"];
}

/** What to know of a port; "" nothing. */
export function noteOf({ medium, metered, note }: StatusPort): string {
  // What is wrong comes first and alone: the line is short.
  const facts = note !== "" ? [note] : [...(medium === "radio" ? ["radio"] : []), ...(metered ? ["metered"] : [])];
  return facts.filter((each) => each !== "").join(", ");
}

/** "1 Gbit/s"; "–" not known. */
export function speedOf(mbps: number | null): string {
  if (mbps === null) return "–";
  return mbps >= 1000 ? `${Number((mbps / 1000).toFixed(1))} Gbit/s` : `${mbps} Mbit/s`;
}

/** "2.4 ms"; "–" not known. */
export function roundTrip(ms: number | null): string {
  if (ms === null) return "–";
  return ms < 0.05 ? "< 0.1 ms" : sayMs(ms);
}

/** A share of 0 to 1 as "0.4 %". */
export function percent(share: number): string {
  const value = share * 100;
  if (value === 0) return "0 %";
  if (value < 0.1) return "< 0.1 %";
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** Steady to look at, whatever the probes' pace. */
export function ago(ms: number): string {
  if (ms < 1_000) return "< 1 s";
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : span(ms);
}

/** How a path is, and its colour. */
export const pathWords: Readonly<Record<StatusPath["state"], readonly [string, Role]>> = {
  alive: ["alive", "hint"],
  dead: ["dead", "error"],
  silent: ["never answered", "faint"],
  untried: ["…", "faint"],
};

/** Below this the slowest rates are left, and frames are sent again and again. */
export const WEAK_DBM = -75;
