import { languageNamed } from "../../dialects/registry.ts";
import { type OptionName, optionRow } from "../../model/options.ts";
import type { Subject } from "../rule.ts";

/** How this language spells a bonding option, without what stands around it: bond-fail-over-mac, FailOverMACPolicy; as the kernel
 *  does where the language has no word for it. */
export function spelt(subject: Subject, option: OptionName): string {
  const shown = languageNamed(subject.dialect)?.spellings[option]?.split(" in the port's ", 1)[0];
  return shown?.match(/\w[\w-]*/g)?.at(-1) ?? option;
}

/** What stands between an option and its value where that is no blank. */
const between: Readonly<Record<string, string>> = {
  netplan: ": ",
  "cloud-init": ": ",
  nmstate: ": ",
  networkd: "=",
  networkmanager: "=",
  "ifcfg-rh": "=",
  wicked: "=",
};

/** An option with a value as this language writes it, for hints: "bond-miimon 100", "MIIMonitorSec=100ms". Numbers are in the
 *  kernel's unit. */
export function saying(subject: Subject, option: OptionName, value: string | number): string {
  const row = optionRow(option);
  // networkd reads a bare number as seconds.
  const unit = subject.dialect === "networkd" && row.kind === "int" && row.unit === "ms" ? "ms" : "";
  const isPorts = subject.dialect === "networkd" && (option === "primary" || option === "active_slave");
  if (isPorts) return `${spelt(subject, option)}=yes in the .network of ${value}`;
  return `${spelt(subject, option)}${between[subject.dialect] ?? " "}${value}${unit}`;
}
