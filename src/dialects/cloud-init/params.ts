import type { Span } from "../../diagnostic/diagnostic.ts";
import { parseOption } from "../../model/option-value.ts";
import { type BondOptions, type OptionName, optionNamed, optionRow } from "../../model/options.ts";
import type { Tree } from "../../syntax/yaml-tree.ts";
import { entriesOf, type Here, refuse, shown, textOf } from "../netplan/reading.ts";
import { unknownKey } from "../netplan/take.ts";

/** `params` of a bond: the kernel's names behind bond- or bond_, with dashes or underscores. */
export function bondOptionsOf(
  params: Tree,
  outer: Here,
): { readonly options: BondOptions; readonly places: ReadonlyMap<OptionName, Span> } {
  const options: Partial<Record<OptionName, unknown>> = {};
  const places = new Map<OptionName, Span>();
  for (const { key, keyAt, value } of entriesOf(outer, params)) {
    const here = { ...outer, label: `${outer.label}: ${key}`, keyAt };
    const option = optionNamed(key.replace(/^bond[-_]/, "").replaceAll("-", "_"));
    if (option === undefined || optionRow(option).scope === "port") {
      unknownKey(key, [], { ...outer, keyAt });
      continue;
    }
    const text =
      value.kind === "list" ? value.items.map((item) => textOf(here, item) ?? "").join(",") : textOf(here, value);
    const read = text === undefined ? undefined : parseOption(option, text);
    if (read?.ok === false)
      refuse(
        here,
        "bad-option-value",
        `${shown(text ?? "")} ${read.error.message}`,
        read.error.hint ?? "Mend the value.",
        value.at,
      );
    if (read?.ok !== true) continue;
    options[option] = read.value;
    places.set(option, keyAt);
  }
  return { options: options as BondOptions, places };
}

const bridgeNames: Readonly<Record<string, string>> = {
  ageing: "ageing_time",
  ageingtime: "ageing_time",
  bridgeprio: "priority",
  fd: "forward_delay",
  hello: "hello_time",
  maxage: "max_age",
  stp: "stp_state",
};

/** `params` of a bridge that the kernel has in /sys. Waiting for ports and costs of single ports are no settings of a bridge there. */
export function bridgeSettingsOf(params: Tree, here: Here): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const { key, value } of entriesOf(here, params)) {
    const word = key.replace(/^bridge[-_]/, "").replaceAll("_", "");
    const name = Object.hasOwn(bridgeNames, word) ? bridgeNames[word] : undefined;
    if (name === undefined || value.kind !== "scalar") continue;
    if (name !== "stp_state") settings[name] = value.source;
    else settings[name] = /^(on|yes|true|1)$/i.test(value.source) ? "1" : "0";
  }
  return settings;
}
