import type { Interface } from "../../model/config.ts";
import type { Lose } from "../sayable.ts";
import { placeOfExtra } from "./extras.ts";
import { addExtras } from "./render-extras.ts";
import { addLine, type Page } from "./write-unit.ts";

/** What of a match can be written, and how: a condition of hardware, and words of a pattern. */
export interface Recognition {
  readonly mac?: string;
  readonly path?: string;
  readonly driver?: string;
  /** A pattern that may fit several links. */
  readonly pattern?: { readonly words: readonly string[]; readonly not: readonly string[] };
  /** The name the kernel gave the link, where it is to have another. */
  readonly kernelName?: string;
}

/** Takes a match apart; what cannot be written is reported. */
export function recognitionOf(iface: Interface, lose: Lose): Recognition | undefined {
  const { match } = iface;
  if (match === undefined) return undefined;
  const about = `interface/${iface.name}/match`;
  const word = (field: "path" | "driver"): string | undefined => {
    const text = match[field];
    if (text === undefined || /^[A-Za-z0-9_.:@+*?-]{1,200}$/.test(text)) return text;
    lose(`${about}/${field}`, `the ${field} it is recognised by is left out: it cannot stand in a unit`);
    return undefined;
  };
  const path = word("path");
  const driver = word("driver");
  const { mac } = match;
  const pattern = match.pattern === undefined ? undefined : patternOf(match.pattern);
  if (match.pattern !== undefined && pattern === undefined)
    lose(`${about}/pattern`, "the pattern it is recognised by is left out: it cannot stand in a unit");
  const [only] = pattern?.words ?? [];
  const isName = pattern !== undefined && pattern.not.length === 0 && pattern.words.length === 1 && !isGlob(only ?? "");
  const hardware = {
    ...(mac === undefined ? {} : { mac }),
    ...(path === undefined ? {} : { path }),
    ...(driver === undefined ? {} : { driver }),
  };
  if (isName && only !== undefined) return { ...hardware, kernelName: only };
  if (pattern === undefined) return Object.keys(hardware).length === 0 ? undefined : hardware;
  if (pattern.words.every(isGlob)) return { ...hardware, pattern };
  lose(`${about}/pattern`, "the pattern it is recognised by is left out: names beside patterns are links of their own");
  return Object.keys(hardware).length === 0 ? undefined : hardware;
}

function isGlob(word: string): boolean {
  return /[*?[]/.test(word);
}

function patternOf(text: string): Recognition["pattern"] {
  const words = text.split(" ");
  if (new Set(words).size < words.length || !words.every((word) => /^!?[A-Za-z0-9_.@+*?[\]^-]{1,60}$/.test(word)))
    return undefined;
  const not = words.filter((word) => word.startsWith("!")).map((word) => word.slice(1));
  const plain = words.filter((word) => !word.startsWith("!"));
  // As it is read back: what excludes stands last.
  return [...plain, ...not.map((word) => `!${word}`)].join(" ") === text ? { words: plain, not } : undefined;
}

/** The .link that names a link recognised by its hardware; undefined where the name is known anyway. */
export function linkPage(iface: Interface, recognition: Recognition | undefined, lose: Lose): Page | undefined {
  const hasExtras = iface.extra.some((extra) => placeOfExtra(extra)?.kind === "link");
  if (recognition?.pattern !== undefined || (recognition === undefined && !hasExtras)) {
    if (hasExtras)
      lose(
        `interface/${iface.name}/extra`,
        "settings of its .link are left out: the file would fit links by a pattern",
      );
    return undefined;
  }
  const page: Page = { kind: "link", sections: [] };
  addConditions(page, recognition ?? { kernelName: iface.name }, "OriginalName");
  if (recognition !== undefined) addLine(page, "Link", `Name=${iface.name}`);
  addExtras(page, iface, lose);
  return page;
}

/** [Match] of a .link or .network. */
export function addConditions(page: Page, recognition: Recognition, nameKey: "Name" | "OriginalName"): void {
  const { mac, path, driver, pattern, kernelName } = recognition;
  if (mac !== undefined) addLine(page, "Match", `PermanentMACAddress=${mac}`);
  if (path !== undefined) addLine(page, "Match", `Path=${path}`);
  if (driver !== undefined) addLine(page, "Match", `Driver=${driver}`);
  if (kernelName !== undefined && nameKey === "OriginalName") addLine(page, "Match", `${nameKey}=${kernelName}`);
  if (pattern === undefined) return;
  const isHardware = mac !== undefined || path !== undefined || driver !== undefined;
  const isAny = pattern.not.length === 0 && pattern.words.join() === "*";
  if (pattern.words.length > 0 && !(isAny && isHardware))
    addLine(page, "Match", `${nameKey}=${pattern.words.join(" ")}`);
  if (pattern.not.length > 0) addLine(page, "Match", `${nameKey}=!${pattern.not.join(" ")}`);
}
