import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import { parseOption } from "../../model/option-value.ts";
import { type BondOptions, type Mode, type OptionName, optionRow } from "../../model/options.ts";
import { sendingOf } from "../networkd/sending.ts";
import { applied } from "../networkmanager/bond-rules.ts";
import { nameBy, type Placed } from "./meaning.ts";
import { type Here, ignore, shown } from "./reading.ts";
import { networkdTakes, spellingOf } from "./spelling.ts";
import { timeIn } from "./take-link.ts";

/** The bond of a definition, with the options as they arrive at the kernel by way of its renderer. */
export function bondOf(
  one: Placed,
  byId: ReadonlyMap<string, Placed>,
  here: Here,
  origins: Map<string, Span>,
): Bond | "refused" {
  const { draft, name, renderer } = one;
  origins.set(`bond/${name}`, draft.at);
  const ports: string[] = [];
  for (const [id, at] of draft.members) {
    if (byId.get(id)?.master !== draft || id === draft.id) continue;
    const port = nameBy({ id }, byId);
    ports.push(port);
    origins.set(`bond/${name}/port/${port}`, at);
  }
  const options: Partial<Record<OptionName, unknown>> = {};
  for (const [option, { text, at }] of draft.options) {
    const value = arrivedValue(one, option, text, { ...here, keyAt: at });
    if (value === undefined) continue;
    options[option] = value;
    origins.set(`bond/${name}/option/${option}`, at);
  }
  const primary = primaryOf(one, byId, here);
  if (primary !== undefined) {
    options.primary = primary;
    origins.set(`bond/${name}/option/primary`, draft.primary?.at ?? draft.at);
  }
  const all = options as BondOptions;
  const arrived =
    renderer === "networkd"
      ? sentByNetworkd(all, one, here, origins)
      : renderer === "NetworkManager"
        ? takenByManager(all, one, here, origins)
        : all;
  return arrived === "refused" ? "refused" : { name, ports, options: arrived };
}

/** Options that systemd-networkd keeps to itself do not reach the kernel. One that the kernel refuses there costs the bond. */
function sentByNetworkd(
  options: BondOptions,
  { draft, name }: Placed,
  here: Here,
  origins: Map<string, Span>,
): BondOptions | "refused" {
  const { kept, refused } = sendingOf(options);
  for (const [option, why] of kept) {
    const at = draft.options.get(option)?.at ?? draft.at;
    ignore(
      { ...here, label: `${draft.id}: ${option}`, keyAt: at },
      `does not reach the kernel: ${why}`,
      "Remove it, or change what it depends on.",
    );
    origins.delete(`bond/${name}/option/${option}`);
  }
  for (const [option, why] of refused)
    here.reading.problems.push({
      code: "netplan-bond-refused",
      severity: "error",
      message: `${draft.id}: systemd-networkd will not get the bond from the kernel: ${why}`,
      hint: `Remove ${keyOf(option)}, or what it does not go with.`,
      at: draft.options.get(option)?.at ?? draft.at,
    });
  if (refused.size > 0) return "refused";
  return Object.fromEntries(Object.entries(options).filter(([option]) => !kept.has(option as OptionName)));
}

/** Options that NetworkManager does not apply. */
function takenByManager(
  options: BondOptions,
  { draft, name }: Placed,
  here: Here,
  origins: Map<string, Span>,
): BondOptions {
  const { options: left, verdicts } = applied(options);
  for (const { option, outcome, why } of verdicts) {
    const at = draft.options.get(option)?.at ?? draft.at;
    const label = `${draft.id}: ${option}`;
    origins.delete(`bond/${name}/option/${option}`);
    if (outcome === "unused")
      ignore({ ...here, label, keyAt: at }, `NetworkManager does not apply it: ${why}`, "Remove it.");
    else
      here.reading.problems.push({
        code: "netplan-bond-refused",
        severity: "error",
        message: `${label}: NetworkManager refuses the bond's profile: ${why}`,
        hint: `Remove ${keyOf(option)}, or what it does not go with.`,
        at,
      });
  }
  return left;
}

function keyOf(option: OptionName): string {
  const said = spellingOf(option);
  return said === "cannot-say" ? option : said.key;
}

/** The value that reaches the kernel, or undefined where the kernel's default stays, and why. */
function arrivedValue({ draft, renderer }: Placed, option: OptionName, text: string, outer: Here): unknown {
  const said = spellingOf(option);
  if (said === "cannot-say") return undefined;
  const here = { ...outer, label: `${draft.id}: ${said.key}` };
  const isDropped = renderer !== "any" && (said.form === "whole" || said.form === "flag") && text === "0";
  if (isDropped) {
    // What the kernel does by itself needs no word.
    if (option !== "min_links" && option !== "all_slaves_active")
      ignore(
        here,
        "netplan takes 0 for nothing said, and the default stays",
        "Set it another way: netplan has no word for 0.",
      );
    return undefined;
  }
  const isTime = said.form === "ms" || said.form === "s";
  const plain = isTime ? timeText(said.form, text, renderer, here) : text;
  if (plain === undefined) return undefined;
  const read = parseOption(option, plain);
  const isTaken =
    read.ok &&
    (isTime || said.form !== "word" || renderer === "NetworkManager" || isPlainWord(option, text)) &&
    (renderer !== "networkd" || networkdTakes(option, read.value));
  if (isTaken) return read.value;
  const why =
    renderer !== "NetworkManager"
      ? "systemd-networkd logs that it cannot read it, and the kernel's default stays"
      : "NetworkManager does not take it";
  here.reading.problems.push({
    code: "bad-option-value",
    severity: "warning",
    message: `${here.label}: netplan hands ${shown(text)} on unread; ${why}`,
    hint: `${option} ${read.ok ? "has no such value there" : read.error.message}.`,
    at: here.keyAt,
  });
  return undefined;
}

/** A number in the place of a word is the kernel's way, and networkd's for some. */
function isPlainWord(option: OptionName, text: string): boolean {
  return !/^\d/.test(text) || option === "mode";
}

function timeText(form: "ms" | "s", text: string, renderer: Placed["renderer"], here: Here): string | undefined {
  if (/^\d+$/.test(text)) return text;
  if (renderer === "NetworkManager")
    return ignore(
      here,
      `NetworkManager does not read ${shown(text)}, and its own default stays`,
      `Write the number of ${form} alone.`,
    );
  const value = timeIn(form, text);
  if (value === undefined)
    return ignore(
      here,
      `systemd-networkd cannot read the time ${shown(text)}, and the kernel's default stays`,
      "Write milliseconds.",
    );
  return String(Math.floor(value));
}

function isCalledById({ draft: { id, match, setName }, name }: Placed): boolean {
  return name === id && (match === undefined || setName !== undefined || match.name === id);
}

/** networkd marks a port as primary in the port's own file: one that is no port is lost. */
function primaryOf({ draft, renderer }: Placed, byId: ReadonlyMap<string, Placed>, here: Here): string | undefined {
  const { primary } = draft;
  if (primary === undefined || !byId.has(primary.id)) return undefined;
  const mode = (draft.options.get("mode")?.text ?? "balance-rr") as Mode;
  if (renderer === "networkd" && !optionRow("primary").modes.includes(mode))
    return ignore(
      { ...here, keyAt: primary.at },
      `the kernel takes no primary in mode ${mode}`,
      "Set mode: active-backup, or remove primary.",
    );
  const port = byId.get(primary.id);
  if (port?.master === draft && renderer === "NetworkManager" && !isCalledById(port))
    return ignore(
      { ...here, keyAt: primary.at },
      `netplan tells NetworkManager the id ${shown(primary.id)}, which is not the interface's name, so there is no primary`,
      "Call the definition as the interface is called, with set-name where it goes by a MAC address.",
    );
  if (port?.master === draft) return nameBy(primary, byId);
  return ignore(
    { ...here, keyAt: primary.at },
    `the primary ${shown(primary.id)} is not one of its ports, so there is none`,
    "Name one of its interfaces.",
  );
}
