import { parseOption } from "../../model/option-value.ts";
import { modes, optionNamed } from "../../model/options.ts";
import type { Draft } from "./draft.ts";
import { boolOf, entriesOf, type Here, refuse, shown, textOf, textsOf, wholeOf } from "./reading.ts";
import { optionOfKey, parameterKeys, spellingOf } from "./spelling.ts";
import { type Take, unknownKey } from "./take.ts";

/** `interfaces` of a bond or a bridge: ids, added to those of earlier files. */
export const takeMembers: Take = (draft, tree, here) => {
  for (const { text, at } of textsOf(here, tree)) draft.members.set(text, at);
  draft.places.set("members", here.keyAt);
};

/** `parameters` of a bond. What cannot be judged without knowing who carries the bond out is only noted. */
export const takeBondParameters: Take = (draft, tree, outer) => {
  for (const { key, keyAt, value } of entriesOf(outer, tree)) {
    const here: Here = { ...outer, label: `${outer.label}: ${key}`, keyAt };
    const option = optionOfKey(key);
    if (option === undefined) {
      // The name the kernel, ifenslave or NetworkManager use is the commonest slip.
      const other = optionNamed(key.replace(/^bond[-_]/, "").replaceAll("-", "_"));
      const said = other === undefined ? undefined : spellingOf(other);
      const meant = said === undefined || said === "cannot-say" ? undefined : said.key;
      unknownKey(key, parameterKeys, { ...outer, keyAt }, meant);
      continue;
    }
    if (option === "arp_ip_target") takeTargets(draft, value, here);
    else if (option === "primary") takePrimary(draft, value, here);
    else if (option === "mode") takeMode(draft, value, here);
    else {
      const text = plainText(option, value, here);
      if (text !== undefined) draft.options.set(option, { text, at: here.keyAt });
    }
  }
};

function plainText(
  option: Parameters<typeof spellingOf>[0],
  tree: Parameters<Take>[1],
  here: Here,
): string | undefined {
  const said = spellingOf(option);
  if (said === "cannot-say") return undefined;
  if (said.form === "whole") return wholeOf(here, tree)?.toString();
  if (said.form === "flag") {
    const value = boolOf(here, tree);
    return value === undefined ? undefined : value ? "1" : "0";
  }
  return textOf(here, tree);
}

function takeMode(draft: Draft, tree: Parameters<Take>[1], here: Here): void {
  const text = textOf(here, tree);
  if (text === undefined) return;
  if (text === "balance-tcp" || text === "balance-slb") {
    draft.isOvs = true;
    return;
  }
  if (Object.hasOwn(modes, text)) {
    draft.options.set("mode", { text, at: here.keyAt });
    return;
  }
  const named = parseOption("mode", text);
  const hint = named.ok ? `Write ${named.value}.` : `Write one of ${Object.keys(modes).join(", ")}.`;
  refuse(here, "bad-option-value", `${shown(text)} is no mode netplan knows by that name`, hint, tree.at);
}

function takeTargets(draft: Draft, tree: Parameters<Take>[1], here: Here): void {
  for (const { text, at } of textsOf(here, tree)) {
    const read = parseOption("arp_ip_target", text);
    if (!read.ok)
      refuse(here, "bad-option-value", `${shown(text)} is no IPv4 address`, "Write a router's IPv4 address.", at);
    else if (!draft.arpTargets.includes(text)) draft.arpTargets.push(text);
  }
  draft.options.set("arp_ip_target", { text: draft.arpTargets.join(" "), at: here.keyAt });
}

function takePrimary(draft: Draft, tree: Parameters<Take>[1], here: Here): undefined {
  const text = textOf(here, tree);
  if (text === undefined) return;
  if (draft.primary !== undefined && draft.primary.id !== text)
    return refuse(
      here,
      "option-said-twice",
      `the bond already has the primary ${shown(draft.primary.id)}`,
      "Keep one.",
    );
  draft.primary = { id: text, at: here.keyAt };
}
