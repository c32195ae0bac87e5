import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Extra, Interface } from "../../model/config.ts";
import { leftOver } from "./extras.ts";
import { readMatch } from "./match.ts";
import { readMtu } from "./read-netdev.ts";
import { type Problems, report } from "./report.ts";
import { lastOf, sheetOf, type Unit } from "./units.ts";
import { parseHardwareAddress } from "./values.ts";

/** What udev does to one link before networkd sees it. */
export interface LinkFile {
  /** The name it has afterwards. */
  readonly name: string;
  readonly nameAt: Span;
  readonly match: NonNullable<Interface["match"]>;
  readonly mtu?: number;
  readonly mac?: string;
  readonly extras: readonly Extra[];
}

/** Reads a .link that is about one link by name; undefined for one that is about all links of a kind. */
export function readLinkFile(unit: Unit, problems: Problems): LinkFile | undefined {
  // In a .link, [Link] stands once.
  const sheet = sheetOf(unit, (section) => section !== "Match" && section !== "Link");
  const match = readMatch(sheet, "OriginalName");
  const named = lastOf(sheet, "Link.Name");
  const original = onlyOne(match.names?.plain);
  const name = named?.value ?? original;
  const mtu = readMtu(sheet, "Link.MTUBytes", problems);
  const mac = parseHardwareAddress(lastOf(sheet, "Link.MACAddress")?.value ?? "");
  const conditions = conditionsOf(unit.kind, sheet.settings);
  const { extras, unsaid } = leftOver(sheet);
  for (const entry of unsaid)
    report(
      problems,
      "networkd-not-kept",
      "advice",
      `${entry.key}= may hold a key and is not taken over into another file`,
      entry.keyAt,
    );
  if (name === undefined || match.isEmpty) {
    const message = `${unit.name} is for every link that fits, and is not taken over into another language`;
    report(problems, "networkd-not-kept", "advice", message, unit.at);
    return undefined;
  }
  const hardware = match.permanentMacs ?? match.macs;
  return {
    name,
    nameAt: named?.valueAt ?? unit.at,
    match: {
      ...given("mac", onlyOne(hardware)),
      ...given("path", match.paths?.text),
      ...given("driver", match.drivers?.text),
      ...given("pattern", original === name ? undefined : original),
    },
    ...given("mtu", mtu),
    ...given("mac", mac),
    extras: [...extras, ...conditions],
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

function onlyOne(words: ReadonlySet<string> | undefined): string | undefined {
  return words?.size === 1 ? [...words][0] : undefined;
}

function conditionsOf(
  kind: string,
  settings: ReadonlyMap<string, readonly { readonly value: string }[]>,
): readonly Extra[] {
  return [...settings]
    .filter(
      ([key]) => key.startsWith("Match.") && !/\.(OriginalName|MACAddress|PermanentMACAddress|Path|Driver)$/.test(key),
    )
    .flatMap(([key, entries]) => entries.map(({ value }) => ({ key: `${kind}/${key}`, value, from: "networkd" })));
}
