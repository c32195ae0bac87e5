import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import { parseOption } from "../../model/option-value.ts";
import { type BondOptions, type Mode, type OptionName, optionRow } from "../../model/options.ts";
import { allowedIn, conflictsIn } from "../../model/validate-options.ts";
import { familyOf, isCidr } from "../netmask.ts";
import { addAddress } from "./addresses.ts";
import { type Link, linkNamed, makeBond, type Network } from "./network.ts";

/** Puts a link into a bond or bridge, as the kernel would. */
export function join(network: Network, port: string, master: string, at: Span, diagnostics: Diagnostic[]): void {
  const above = network.links.get(master);
  if (above === undefined || above.kind === "other" || above.kind === "vlan") {
    diagnostics.push(aboutMaster(master, at));
    // What joins something called like a bond was meant for one.
    if (above !== undefined && above.kind === "vlan") return;
    if (/^bond/.test(master)) makeBond(network, master, at);
    else linkNamed(network, master, at).kind = "bridge";
  }
  const link = linkNamed(network, port, at);
  const isBond = network.links.get(master)?.kind === "bond";
  if (isBond && link.up !== false && link.master !== master)
    diagnostics.push({
      code: "joins-while-up",
      severity: link.up === true ? "error" : "warning",
      message: `${port} ${link.up === true ? "is up here" : "is not set down before this"}: the kernel refuses a port that is up ("Device can not be enslaved while up")`,
      hint: `Put ip link set dev ${port} down before this line.`,
      at,
    });
  if (link.master !== master) link.joinedAs = ++network.joins;
  link.master = master;
  network.joined.add(master);
  network.origins.set(`bond/${master}/port/${port}`, at);
}

function aboutMaster(master: string, at: Span): Diagnostic {
  return {
    code: "master-not-made",
    severity: "warning",
    message: `${master} is made by no command before this one: the bonding module makes bond0 by itself where max_bonds is above 0, which systemd prevents`,
    hint: `Put ip link add name ${master} type bond mode active-backup miimon 100 before this line.`,
    at,
  };
}

/** Adds an address in CIDR form; false where it is none. */
export function setAddress(link: Link, text: string): boolean {
  const family = familyOf(text);
  if (family === undefined) return false;
  const cidr = text.includes("/") ? text : `${text}/${family === "ipv4" ? 32 : 128}`;
  if (!isCidr(cidr, family)) return false;
  addAddress(link[family].addresses, cidr);
  return true;
}

/** Options in one message to the kernel, which takes them all or stops at the first it refuses: for a new bond there is then none. */
export function setOptions(
  bond: Link,
  said: BondOptions,
  isNew: boolean,
  network: Network,
  at: Span,
  diagnostics: Diagnostic[],
): boolean {
  const together = { ...bond.options, ...said };
  const mode = (together.mode ?? "balance-rr") as Mode;
  const own = new Set(Object.keys(said) as OptionName[]);
  const conflict = conflictsIn(isNew ? said : withoutRivals(together, said), mode).find(
    ({ option, other }) => own.has(option) || own.has(other),
  );
  const late = isNew ? undefined : lateOption(bond, said, network);
  if (conflict === undefined && late === undefined) {
    bond.options = isNew ? together : settled(bond.options, said, mode);
    return true;
  }
  diagnostics.push({
    code: "bond-command-refused",
    severity: "error",
    message: `${bond.name}: the kernel refuses this command${isNew ? ", and there is no bond" : ""}: ${late ?? conflict?.message ?? ""}`,
    hint:
      late === undefined
        ? (conflict?.hint ?? "Mend the options.")
        : "Set it before the bond has ports and is up, best in the command that makes it.",
    at,
  });
  return false;
}

/** What a later monitor turns off is no rival. */
function withoutRivals(together: BondOptions, said: BondOptions): BondOptions {
  const { miimon, arp_interval: interval, arp_validate: validate, ...rest } = together;
  const isCarrier = (said.miimon ?? 0) > 0;
  const isArp = (said.arp_interval ?? 0) > 0;
  return {
    ...rest,
    ...(miimon === undefined || (isArp && said.miimon === undefined) ? {} : { miimon }),
    ...(interval === undefined || (isCarrier && said.arp_interval === undefined) ? {} : { arp_interval: interval }),
    ...(validate === undefined || (isCarrier && said.arp_validate === undefined) ? {} : { arp_validate: validate }),
  };
}

/** The options after a command on a bond that is there: a later monitor turns the earlier one off, a new mode forgets what it lacks. */
function settled(before: BondOptions, said: BondOptions, mode: Mode): BondOptions {
  const all = { ...withoutRivals({ ...before, ...said }, said) };
  const kept = Object.entries(all).filter(([option]) => allowedIn(option as OptionName, mode));
  return Object.fromEntries(kept) as BondOptions;
}

/** Why an option comes too late for a bond that is up or has ports. */
function lateOption(bond: Link, said: BondOptions, network: Network): string | undefined {
  const hasPorts = network.joined.has(bond.name);
  for (const [option, value] of Object.entries(said)) {
    if (bond.options[option as OptionName] === value) continue;
    const { needs } = optionRow(option as OptionName);
    if (needs.includes("no-ports") && hasPorts) return `${option} cannot be changed while the bond has ports`;
    if (needs.includes("bond-down") && bond.up === true) return `${option} cannot be changed while the bond is up`;
  }
  return undefined;
}

/** One option from its text. Reports a value that is none. */
export function readOptionText(
  option: OptionName,
  text: string,
  bond: string,
  at: Span,
  diagnostics: Diagnostic[],
): BondOptions[OptionName] | undefined {
  const parsed = parseOption(option, text);
  if (parsed.ok) return parsed.value as BondOptions[OptionName];
  diagnostics.push({
    code: "bad-option-value",
    severity: "error",
    message: `${bond}: ${option} ${parsed.error.message}`,
    hint: parsed.error.hint ?? "Write a value that the kernel takes.",
    at,
  });
  return undefined;
}
