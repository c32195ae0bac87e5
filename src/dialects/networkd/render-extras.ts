import type { Extra, Interface } from "../../model/config.ts";
import { loseForeign } from "../foreign-settings.ts";
import type { Lose } from "../sayable.ts";
import { placeOfExtra } from "./extras.ts";
import { addLine, addSection, isValue, type Page } from "./write-unit.ts";

/** Keys that are written elsewhere, from what the model knows. */
const writtenElsewhere = new Set(["netdev/NetDev.Kind"]);

/** Adds an interface's extras of ours that belong in this kind of file. */
export function addExtras(page: Page, iface: Interface, lose: Lose): void {
  for (const extra of iface.extra) {
    const place = placeOfExtra(extra);
    if (place === undefined || place.kind !== page.kind || writtenElsewhere.has(extra.key)) continue;
    if (!isSafe(extra, place.key)) {
      lose(
        `interface/${iface.name}/extra`,
        `${JSON.stringify(extra.key)} is left out: its value cannot stand in a unit`,
      );
    } else if (place.key === undefined) addSection(page, place.section, extra.value.split("\n"));
    else addLine(page, place.section, `${place.key}=${extra.value}`);
  }
}

function isSafe({ value }: Extra, key: string | undefined): boolean {
  if (key !== undefined) return isValue(value);
  return value.split("\n").every((line) => /^[A-Za-z0-9-]+=[^ \t]/.test(line) && isValue(line));
}

/** Whether an extra of ours that is written says this key, so that nothing of our own goes beside it. */
export function saysExtra(iface: Interface, key: string): boolean {
  return iface.extra.some(
    (extra) => extra.from === "networkd" && extra.key === key && isSafe(extra, placeOfExtra(extra)?.key),
  );
}

/** Reports what an interface has that no unit can hold: other languages' extras and commands. */
export function dropForeign(iface: Interface, lose: Lose): void {
  for (const extra of iface.extra)
    if (placeOfExtra(extra) === undefined) loseForeign(iface.name, extra, "networkd", lose);
  if (iface.hooks.length > 0)
    lose(
      `interface/${iface.name}/hooks`,
      `${iface.hooks.length === 1 ? "a command is" : "commands are"} left out: networkd runs none`,
      { hint: "Put them into a service, or into a hook of networkd-dispatcher." },
    );
}
