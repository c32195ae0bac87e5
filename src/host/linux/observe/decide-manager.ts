import type { HostBond, HostLink, HostManager } from "../../../model/host-state.ts";
import { type ManagerName, managers } from "../../../model/managers.ts";

/** Who is in charge of the bond, in which language its files are, and each step of finding out. */
export interface Decision {
  readonly inCharge?: ManagerName;
  readonly language?: string;
  readonly trace: readonly string[];
}

/** Decides by what managers say of the bond, then by what runs, then by what would run; files alone decide last. */
export function decideManager(
  found: readonly HostManager[],
  bonds: readonly HostBond[],
  links: readonly HostLink[],
): Decision {
  const concerned = new Set(bonds.flatMap(({ name, ports }) => [name, ...ports]));
  const owned = (name: ManagerName) =>
    links.filter((link) => concerned.has(link.name) && link.owners.includes(name)).map((link) => link.name);
  const ranked = found
    .map((one) => ({ one, owned: owned(one.name), rank: rankOf(one, owned(one.name).length) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank);
  const trace = found.map((one) => `${managers[one.name].title}: ${describe(one, owned(one.name))}`);
  const first = ranked[0];
  if (first === undefined) return { trace: [...trace, "nobody is in charge: the bond, if any, was made by hand"] };
  const { name, languages } = first.one;
  const language = managers[name].languages.find((one) => languages.includes(one));
  const reason =
    first.owned.length > 0
      ? `it configures ${first.owned.join(" and ")}`
      : `${first.one.isRunning ? "it runs" : "it is started at boot"}${languages.length > 0 ? " and has files" : ""}`;
  return {
    inCharge: name,
    ...(language === undefined ? {} : { language }),
    trace: [
      ...trace,
      `in charge: ${name === "ifupdown" ? (language ?? name) : managers[name].title}, because ${reason}`,
      language === undefined ? "none of its files is there" : `read: its files in the language ${language}`,
    ],
  };
}

/** dhcpcd only gives addresses: it makes no bond, so it is in charge of none. */
function rankOf({ name, isRunning, isEnabled, languages }: HostManager, ownedCount: number): number {
  if (name === "dhcpcd") return 0;
  const hasFiles = languages.length > 0;
  return ownedCount * 10 + (hasFiles && (isRunning || isEnabled) ? 6 : 0) + (isRunning ? 2 : 0) + (isEnabled ? 1 : 0);
}

function describe({ isRunning, isEnabled, languages }: HostManager, owned: readonly string[]): string {
  return [
    isRunning ? "runs" : "doesn't run",
    isEnabled ? "is started at boot" : "isn't started at boot",
    languages.length === 0 ? "has no files" : `has files in ${languages.join(" and ")}`,
    ...(owned.length === 0 ? [] : [`says it configures ${owned.join(", ")}`]),
  ].join(", ");
}
