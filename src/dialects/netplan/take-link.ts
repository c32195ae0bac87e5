import { parseMac } from "../../model/address.ts";
import type { Tree } from "../../syntax/yaml-tree.ts";
import type { Draft } from "./draft.ts";
import { boolOf, entriesOf, type Here, itemsOf, refuse, shown, textOf, textsOf, wholeOf } from "./reading.ts";
import { keep, type Take, takeKeys } from "./take.ts";

/** What netplan takes for the name of an interface or a definition. Source: valid_id_regex. */
export function isId(text: string): boolean {
  return /^[!-~]+$/.test(text);
}

/** Whether a name stands for many. */
export function isPattern(name: string): boolean {
  return /[*?[\]]/.test(name);
}

/** `match` of a physical link. */
export const takeMatch: Take = (draft, tree, here) => {
  draft.match ??= {};
  const match = draft.match;
  const keys = {
    name: (_: Draft, value: Tree, inner: Here) => {
      const text = textOf(inner, value);
      if (text === undefined) return;
      if (isId(text)) match.name = text;
      else
        refuse(
          inner,
          "bad-value",
          `${shown(text)} is no name`,
          "Write the interface's name, or a pattern such as en*.",
          value.at,
        );
    },
    macaddress: (_: Draft, value: Tree, inner: Here) => {
      const mac = macOf(inner, value);
      if (mac !== undefined) match.mac = mac;
    },
    driver: (_: Draft, value: Tree, inner: Here) => {
      const drivers =
        value.kind === "list" ? textsOf(inner, value).map(({ text }) => text) : [textOf(inner, value) ?? ""];
      match.drivers = drivers.filter((one) => one !== "");
    },
  };
  takeKeys(draft, keys, entriesOf(here, tree), here);
  draft.places.set("match", here.keyAt);
};

/** A MAC address in the model's spelling. InfiniBand's long ones are no addresses the model can hold. */
export function macOf(here: Here, tree: Tree): string | undefined {
  const text = textOf(here, tree);
  if (text === undefined) return undefined;
  const mac = /^[\da-f:]{17}$/i.test(text) ? parseMac(text) : undefined;
  if (mac !== undefined) return mac;
  if (/^([\da-f]{2}:){19}[\da-f]{2}$/i.test(text)) return undefined;
  return refuse(
    here,
    "bad-value",
    `${shown(text)} is no MAC address`,
    "Write six bytes with colons, as in 02:00:00:00:00:01.",
    tree.at,
  );
}

const bridgeTimes = {
  "ageing-time": "ageing_time",
  "forward-delay": "forward_delay",
  "hello-time": "hello_time",
  "max-age": "max_age",
} as const;

/** netplan's keys of a bridge that the kernel has in /sys, with the kernel's names. */
export const bridgeKeys: Readonly<Record<string, string>> = { ...bridgeTimes, priority: "priority", stp: "stp_state" };

/** `parameters` of a bridge. Where there are any, netplan turns the spanning tree on unless told otherwise. */
export const takeBridgeParameters: Take = (draft, tree, here) => {
  if (tree.kind === "map" && !draft.bridgeSettings.has("stp_state")) draft.bridgeSettings.set("stp_state", "1");
  const times = Object.entries(bridgeTimes).map(([key, name]): [string, Take] => [
    key,
    (_, value, inner) => {
      const text = textOf(inner, value);
      const seconds = text === undefined ? undefined : timeIn("s", text);
      if (seconds !== undefined)
        draft.bridgeSettings.set(name, text === undefined || /^\d+$/.test(text) ? String(seconds) : `${seconds}s`);
      else if (text !== undefined) refuse(inner, "bad-value", `${shown(text)} is no time`, "Write seconds.", value.at);
    },
  ]);
  const keys = {
    ...Object.fromEntries(times),
    priority: (_: Draft, value: Tree, inner: Here) => {
      const priority = wholeOf(inner, value);
      // netplan drops a 0: the kernel keeps its 32768.
      if (priority !== undefined && priority > 0) draft.bridgeSettings.set("priority", String(priority));
    },
    stp: (_: Draft, value: Tree, inner: Here) => {
      const stp = boolOf(inner, value);
      if (stp !== undefined) draft.bridgeSettings.set("stp_state", stp ? "1" : "0");
    },
    "path-cost": portNumbers("path-cost"),
    "port-priority": portNumbers("port-priority"),
  };
  takeKeys(draft, keys, entriesOf(here, tree), here);
};

function portNumbers(key: string): Take {
  return (draft, value, inner) => {
    for (const entry of entriesOf(inner, value)) wholeOf({ ...inner, keyAt: entry.keyAt }, entry.value);
    keep(draft, key, value, inner);
  };
}

/** systemd's units of time, in ms. */
const units: ReadonlyMap<string, number> = new Map([
  ["us", 0.001],
  ["usec", 0.001],
  ["ms", 1],
  ["msec", 1],
  ["", 1000],
  ["s", 1000],
  ["sec", 1000],
  ["second", 1000],
  ["seconds", 1000],
  ["m", 60_000],
  ["min", 60_000],
  ["minute", 60_000],
  ["minutes", 60_000],
  ["h", 3_600_000],
  ["hr", 3_600_000],
  ["hour", 3_600_000],
  ["hours", 3_600_000],
]);

/** A time as systemd reads it, in ms or s, rounded down to whole ms; bare numbers are seconds, as are bare fractions.
 *  undefined where systemd would refuse it. */
export function timeIn(unit: "ms" | "s", text: string): number | undefined {
  let ms = 0;
  const parts = text.trim().matchAll(/(\d+(?:\.\d*)?)\s*([a-z]*)\s*/gy);
  let end = 0;
  for (const part of parts) {
    const factor = units.get(part[2] ?? "");
    if (factor === undefined) return undefined;
    ms += Number(part[1]) * factor;
    end = (part.index ?? 0) + part[0].length;
  }
  if (end === 0 || end < text.trim().length) return undefined;
  return unit === "ms" ? Math.floor(ms) : Math.floor(ms) / 1000;
}

/** `optional-addresses`, `wakeonwlan` and other lists of words: kept when every word is one. */
export function wordList(key: string): Take {
  return (draft, tree, here) => {
    if (itemsOf(here, tree).length > 0) keep(draft, key, tree, here);
  };
}
