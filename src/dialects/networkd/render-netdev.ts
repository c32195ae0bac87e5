import type { Bond } from "../../model/bond.ts";
import type { Interface } from "../../model/config.ts";
import { type BondOptions, type OptionName, optionsIn } from "../../model/options.ts";
import { bridgeConsequence } from "../foreign-settings.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import type { Lose, SayableHost } from "../sayable.ts";
import { bridgeLine } from "./bridge-settings.ts";
import { addExtras } from "./render-extras.ts";
import { sendingOf } from "./sending.ts";
import { spellingOf } from "./spelling.ts";
import { optionText } from "./values.ts";
import { addLine, isValue, type Page } from "./write-unit.ts";

/** The .netdev of an interface that is made and not found; undefined for hardware. */
export function netDevPage(iface: Interface, host: SayableHost, lose: Lose): Page | undefined {
  const bond = host.bonds.find(({ name }) => name === iface.name);
  const kind = bond === undefined ? kindOf(iface) : "bond";
  if (kind === undefined) return undefined;
  const page: Page = { kind: "netdev", sections: [] };
  addLine(page, "NetDev", `Name=${iface.name}`);
  addLine(page, "NetDev", `Kind=${kind}`);
  if (iface.mac !== undefined) addLine(page, "NetDev", `MACAddress=${iface.mac}`);
  if (bond !== undefined) addBond(page, bond, lose);
  if (iface.vlan !== undefined) addLine(page, "VLAN", `Id=${iface.vlan.id}`);
  for (const [setting, value] of Object.entries(iface.bridge?.settings ?? {})) {
    const line = bridgeLine(setting, value);
    if (line !== undefined) addLine(page, "Bridge", line);
    else
      lose(
        `interface/${iface.name}/bridge/${setting}`,
        `the bridge's ${JSON.stringify(setting)} is left out: networkd has no word for this value of it${bridgeConsequence(setting, value)}`,
      );
  }
  addExtras(page, iface, lose);
  return page;
}

function kindOf(iface: Interface): string | undefined {
  if (iface.vlan !== undefined) return "vlan";
  if (iface.bridge !== undefined) return "bridge";
  const said = iface.extra.find(({ from, key }) => from === "networkd" && key === "netdev/NetDev.Kind")?.value;
  return said !== undefined && isValue(said) && !["bond", "vlan", "bridge"].includes(said) ? said : undefined;
}

function addBond(page: Page, bond: Bond, lose: Lose): void {
  const { name } = bond;
  const options = sendable(bond, lose);
  for (const option of optionsIn(options)) {
    const value = options[option];
    const spelling = spellingOf(option);
    if (value === undefined || spelling === "cannot-say" || spelling.place === "port") continue;
    const text = optionText(option, spelling, value);
    const about = `bond/${name}/option/${option}`;
    if (text === undefined)
      lose(
        about,
        `${option} ${String(value)} is left out: networkd does not know this value, and ${keptByKernel(option)}`,
      );
    else addLine(page, "Bond", `${spelling.key}=${text}`);
    if (text !== undefined && spelling.since !== undefined)
      lose(
        about,
        `${spelling.key}= is read by systemd ${spelling.since} and later; before (Debian 12 has 252) ${keptByKernel(option)}`,
        {
          severity: "advice",
        },
      );
  }
}

/** Options without those that would keep networkd from making the bond, or that it would not pass on. */
function sendable(bond: Bond, lose: Lose): BondOptions {
  let options: BondOptions = bond.options;
  for (;;) {
    const { kept, refused } = sendingOf(options);
    const gone = refused.size > 0 ? refused : kept;
    if (gone.size === 0) return options;
    for (const [option, why] of gone)
      lose(`bond/${bond.name}/option/${option}`, `${option} is left out: ${why}; ${keptByKernel(option)}`);
    options = Object.fromEntries(Object.entries(options).filter(([option]) => !gone.has(option as OptionName)));
  }
}
