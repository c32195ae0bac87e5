/** What /proc/net/bonding/NAME says of a bond. Keys the kernel of its time did not print are absent. */
export interface ProcBond {
  /** As sysfs spells it: "active-backup"; "" where the text doesn't say. */
  readonly mode: string;
  /** The choice of fail_over_mac where it is not "none". */
  readonly failOverMac?: string;
  /** Has carrier. */
  readonly isUp: boolean;
  /** "" none. */
  readonly active: string;
  /** "" none. */
  readonly primary: string;
  readonly primaryReselect?: string;
  /** ms; 0: off, or not printed. */
  readonly miimon: number;
  readonly arpInterval: number;
  readonly arpTargets: readonly string[];
  readonly ports: readonly ProcPort[];
}

export interface ProcPort {
  readonly name: string;
  /** "going down" and "going back" while downdelay and updelay run. */
  readonly state: "up" | "down" | "going down" | "going back";
  /** Mbit/s; null: unknown. */
  readonly speedMbps: number | null;
  /** How often the monitor saw the link fail; null: not printed. */
  readonly failures: number | null;
  readonly permanentMac: string;
}

/** Descriptions of the modes as the driver prints them. Source: bond_mode_name() in drivers/net/bonding. */
const modes: readonly (readonly [RegExp, string])[] = [
  [/^load balancing \(round-robin\)/, "balance-rr"],
  [/^fault-tolerance \(active-backup\)/, "active-backup"],
  [/^load balancing \(xor\)/, "balance-xor"],
  [/^fault-tolerance \(broadcast\)/, "broadcast"],
  [/^IEEE 802\.3ad/, "802.3ad"],
  [/^transmit load balancing/, "balance-tlb"],
  [/^adaptive load balancing/, "balance-alb"],
];

/** Reads the text of /proc/net/bonding/NAME of any driver since 2.6, also where it was indented or quoted on its way here.
 *  Lines it doesn't know are skipped. Never throws. */
export function parseProcBond(text: string): ProcBond {
  const sections = sectionsOf(text);
  const bond = sections[0] ?? new Map<string, string>();
  const mode = bond.get("bonding mode") ?? "";
  const [primary = "", reselect] = splitNote(bond.get("primary slave") ?? "");
  const failOverMac = /\(fail_over_mac (\w+)\)/.exec(mode)?.[1];
  const primaryReselect = reselect === undefined ? undefined : /^primary_reselect (\w+)$/.exec(reselect)?.[1];
  return {
    mode: modes.find(([pattern]) => pattern.test(mode))?.[1] ?? "",
    ...(failOverMac === undefined ? {} : { failOverMac }),
    isUp: isUp(bond.get("mii status")),
    active: nameOrNone(bond.get("currently active slave") ?? ""),
    primary: nameOrNone(primary),
    ...(primaryReselect === undefined ? {} : { primaryReselect }),
    miimon: count(bond.get("mii polling interval (ms)")) ?? 0,
    arpInterval: count(bond.get("arp polling interval (ms)")) ?? 0,
    arpTargets: (bond.get("arp ip target/s (n.n.n.n form)") ?? "").split(/[\s,]+/).filter((each) => each !== ""),
    ports: sections.slice(1).map(portOf),
  };
}

type Section = ReadonlyMap<string, string>;

/** The bond's own lines, then those of each port. A key that comes again (the details of 802.3ad) doesn't replace the first. */
function sectionsOf(text: string): readonly Section[] {
  const sections: Map<string, string>[] = [new Map()];
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    const key = line
      .slice(0, Math.max(colon, 0))
      .replace(/^[\s#>]+/, "")
      .trimEnd();
    if (key === "") continue;
    const value = line.slice(colon + 1).trim();
    const name = key.toLowerCase();
    if (name === "slave interface") sections.push(new Map());
    const section = sections.at(-1);
    if (section !== undefined && !section.has(name)) section.set(name, value);
  }
  return sections;
}

function portOf(section: Section): ProcPort {
  const state = (section.get("mii status") ?? "").replaceAll("*", "");
  return {
    name: section.get("slave interface") ?? "",
    state: state === "going down" || state === "going back" || state === "up" ? state : "down",
    speedMbps: count(section.get("speed")) ?? null,
    failures: count(section.get("link failure count")) ?? null,
    permanentMac: (section.get("permanent hw addr") ?? "").toLowerCase(),
  };
}

function isUp(value: string | undefined): boolean {
  return value?.replaceAll("*", "") === "up";
}

/** "eth1 (primary_reselect always)" */
function splitNote(value: string): readonly string[] {
  const [, name = "", note] = /^(\S*)(?:\s+\((.*)\))?$/.exec(value) ?? [];
  return note === undefined ? [name] : [name, note];
}

function nameOrNone(value: string): string {
  return value === "None" ? "" : value;
}

function count(value: string | undefined): number | undefined {
  const digits = /^\d{1,15}/.exec(value ?? "")?.[0];
  return digits === undefined ? undefined : Number(digits);
}
