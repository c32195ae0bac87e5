import { parse } from "yaml";
import type { FileSet } from "../../diagnostic/diagnostic.ts";
import { languageNamed } from "../../dialects/registry.ts";
import type { HostBond, HostBonding, HostLink, HostRoute, HostState } from "../../model/host-state.ts";
import { isFileOf, type ManagerName, managers, placesOfLanguages } from "../../model/managers.ts";
import { readOption } from "../../model/option-value.ts";
import { type BondOptions, optionNames, optionRow } from "../../model/options.ts";
import { hostSubject } from "../host-subject.ts";
import type { Subject } from "../rule.ts";

/** A running host as the pages of the rules write it: only what matters, the rest as on a healthy host. */
interface Sample {
  readonly manager?: ManagerName;
  /** Which of its languages the files are in, where it reads several. */
  readonly language?: string;
  readonly running?: readonly ManagerName[];
  readonly "command line"?: string;
  readonly systemd?: number;
  readonly root?: string;
  readonly units?: readonly string[];
  readonly supplicants?: readonly string[];
  readonly namespaces?: readonly string[];
  /** "default via 192.0.2.1 dev bond0"; absent: neither routes nor addresses are seen. */
  readonly routes?: readonly string[];
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Command lines of wait-online services, by unit. */
  readonly waits?: Readonly<Record<string, string>>;
  /** Holdfast's own runs. */
  readonly agent?: boolean;
  readonly bonding?: HostBonding["driver"];
  readonly radios?: Readonly<
    Record<string, { readonly links: readonly string[]; readonly blocked: "no" | "soft" | "hard" }>
  >;
  readonly bonds?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly links?: Readonly<Record<string, LinkSample | null>>;
  readonly files?: Readonly<Record<string, string>>;
}

interface LinkSample extends Partial<Omit<HostLink, "name" | "permanentMac">> {
  readonly permanent?: string;
  readonly carrier?: boolean;
}

/** The subject a sample stands for. */
export function readHostSample(text: string): Subject {
  const sample = parse(text) as Sample;
  const files = Object.entries(sample.files ?? {});
  const isConfiguration = ([path]: [string, string]) =>
    Object.keys(placesOfLanguages).some((language) => isFileOf(language, path));
  const configuration: FileSet = new Map(files.filter(isConfiguration));
  const host = { ...hostOf(sample, configuration), texts: new Map(files.filter((one) => !isConfiguration(one))) };
  return hostSubject(configuration, host, { facts: { maxBonds: 0 } });
}

function hostOf(sample: Sample, files: FileSet): Omit<HostState, "texts"> {
  const { manager } = sample;
  const languages = (name: ManagerName) =>
    managers[name].languages.filter((one) => [...files.keys()].some((path) => isFileOf(one, path)));
  const language = sample.language ?? (manager === undefined ? undefined : languages(manager)[0]);
  const running = sample.running ?? (manager === undefined ? [] : [manager]);
  return {
    kernel: "6.1.0",
    commandLine: sample["command line"] ?? "",
    ...(sample.systemd === undefined ? {} : { systemd: sample.systemd }),
    links: linksOf(sample),
    bonds: bondsOf(sample),
    managers: running.map((name) => ({ name, isRunning: true, isEnabled: true, languages: languages(name) })),
    ...(manager === undefined ? {} : { inCharge: manager }),
    ...(language === undefined || languageNamed(language) === undefined ? {} : { language }),
    trace: [],
    radios: Object.entries(sample.radios ?? {}).map(([phy, radio]) => ({ phy, ...radio })),
    supplicants: sample.supplicants ?? [],
    units: sample.units ?? [],
    ...(sample.routes === undefined ? {} : { routes: sample.routes.map(routeOf) }),
    sysctls: new Map(Object.entries(sample.sysctls ?? {})),
    waits: Object.entries(sample.waits ?? {}).map(([unit, line]) => ({ unit, command: line.split(" ") })),
    ...(sample.agent === true ? { hasAgent: true as const } : {}),
    ...(sample.bonding === undefined ? {} : { bonding: { driver: sample.bonding, parameters: new Map() } }),
    rootType: sample.root ?? "ext4",
    namespaces: sample.namespaces ?? [],
    unseen: [],
  };
}

function routeOf(text: string): HostRoute {
  const words = text.split(" ");
  const after = (word: string): string => (words.includes(word) ? (words[words.indexOf(word) + 1] ?? "") : "");
  const via = after("via");
  const isSix = [words[0] ?? "", via].some((word) => word.includes(":"));
  return {
    to: words[0] ?? "",
    via,
    dev: after("dev"),
    metric: Number(after("metric")),
    table: Number(after("table") || 254),
    family: isSix ? "ipv6" : "ipv4",
  };
}

function bondsOf(sample: Sample): readonly HostBond[] {
  return Object.entries(sample.bonds ?? {}).map(([name, said]) => {
    const options: Record<string, unknown> = { mode: "active-backup", miimon: 100 };
    for (const option of optionNames) {
      const value = said[option] === undefined ? undefined : readOption(option, said[option]);
      if (value?.ok === false) throw new Error(`${option}: ${value.error.message}`);
      if (value !== undefined) options[option] = value.value;
    }
    const ports = linksOf(sample).filter(({ master }) => master === name);
    const lacks = new Set((said["lacks"] ?? []) as readonly string[]);
    return {
      name,
      ports: ports.map((port) => port.name),
      options: options as BondOptions,
      known: optionNames.flatMap((option) => (lacks.has(option) ? [] : (optionRow(option).sysfs ?? []))),
      activePort: ports[0]?.name ?? "",
    };
  });
}

/** Links named in the sample, then the bonds themselves with the address of their first port. */
function linksOf(sample: Sample): readonly HostLink[] {
  const all = Object.entries(sample.links ?? {});
  const named = all.map(([name, given], at): HostLink => {
    const { permanent, carrier, ...said } = given ?? {};
    const own = ownMac(given, at);
    const first = all.findIndex(([, other]) => other?.master !== undefined && other.master === said.master);
    const isPort = Object.hasOwn(sample.bonds ?? {}, said.master ?? "");
    const shared = isPort ? ownMac(all[first]?.[1], first) : own;
    return { ...plain, name, index: at + 2, mac: shared, permanentMac: own, hasCarrier: carrier ?? true, ...said };
  });
  const bonds = Object.keys(sample.bonds ?? {}).filter((name) => !named.some((link) => link.name === name));
  return [
    ...named,
    ...bonds.map((name, at) => {
      const ports = named.filter(({ master }) => master === name);
      const mac = ports[0]?.permanentMac ?? "00:16:3e:00:00:99";
      return { ...plain, name, index: named.length + at + 2, kind: "bond", device: "", driver: "", mac };
    }),
  ];
}

function ownMac(link: LinkSample | null | undefined, at: number): string {
  return link?.permanent ?? link?.mac ?? `00:16:3e:00:00:0${at + 1}`;
}

const plain: HostLink = {
  name: "",
  index: 0,
  kind: "",
  driver: "e1000e",
  mac: "",
  permanentMac: "",
  mtu: 1500,
  isUp: true,
  hasCarrier: true,
  operState: "up",
  master: "",
  on: [],
  device: "",
  isRadio: false,
  addresses: [],
  owners: [],
};
