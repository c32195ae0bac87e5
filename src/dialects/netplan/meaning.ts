import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Origins } from "../../diagnostic/origins.ts";
import type { Bond } from "../../model/bond.ts";
import { type Config, type Extra, emptyConfig, type Interface } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { bondOf } from "./bond-meaning.ts";
import { type Draft, newDraft, type Reference, type Renderer } from "./draft.ts";
import type { Gathered } from "./gather.ts";
import { ipv4Of, ipv6Of } from "./ip-meaning.ts";
import { managedIp } from "./managed-meaning.ts";
import { type Here, ignore, refuse, shown } from "./reading.ts";
import { isPattern } from "./take-link.ts";

/** A definition, and what the whole says of it. */
export interface Placed {
  readonly draft: Draft;
  /** The interface's name, as far as the files tell. */
  readonly name: string;
  readonly renderer: Renderer;
  /** The bond or bridge it is a port of. */
  readonly master?: Draft;
}

/** What all definitions together mean. */
export function meaningOf(gathered: Gathered): { readonly config: Config; readonly origins: Origins } {
  const { drafts, reading } = gathered;
  defineNamed(gathered);
  const masters = mastersOf(gathered);
  const origins = new Map<string, Span>();
  const bonds: Bond[] = [];
  const interfaces: Interface[] = [];
  const placed = [...drafts.values()].map((draft): Placed => {
    const master = masters.get(draft.id);
    const renderer = draft.renderer ?? gathered.renderer ?? reading.consumer.renderer;
    return { draft, name: nameOf(draft), renderer, ...(master === undefined ? {} : { master }) };
  });
  const byId = new Map(placed.map((one) => [one.draft.id, one]));
  const unmade = new Set<Draft>();
  for (const one of placed) {
    const here: Here = { reading, label: one.draft.id, keyAt: one.draft.at };
    checkDefinition(one, here);
    const bond = one.draft.kind === "bonds" && !one.draft.isOvs ? bondOf(one, byId, here, origins) : undefined;
    if (bond === "refused") unmade.add(one.draft);
    else if (bond !== undefined) bonds.push(bond);
  }
  for (const one of placed.map((each) => withoutUnmade(each, unmade))) {
    if (unmade.has(one.draft)) continue;
    interfaces.push(interfaceOf(one, byId, unmade, { reading, label: one.draft.id, keyAt: one.draft.at }));
    noteOrigins(one, origins);
  }
  return { config: { ...emptyConfig, bonds, interfaces }, origins };
}

/** A port whose bond the kernel refuses is a link like others. */
function withoutUnmade({ master, ...one }: Placed, unmade: ReadonlySet<Draft>): Placed {
  return master === undefined || unmade.has(master) ? one : { ...one, master };
}

/** Whether nobody makes a VLAN on it: a bond the kernel refuses, and a port of a bridge with costs, where netplan (0.106 to 1.2)
 *  writes VLAN= below [Bridge] instead of [Network]. */
function bearsNoVlan({ draft, renderer, master }: Placed, unmade: ReadonlySet<Draft>): boolean {
  if (unmade.has(draft)) return true;
  const isPriced = ["path-cost", "port-priority"].some((key) => {
    const said = master?.kind === "bridges" ? master.extra.get(key)?.value : undefined;
    return (
      said !== undefined &&
      Object.entries(JSON.parse(said) as object).some(([id, cost]) => id === draft.id && Number(cost) > 0)
    );
  });
  return renderer === "networkd" && isPriced;
}

/** What is named and defined nowhere: told, and taken for an Ethernet link as though it were mended. */
function defineNamed({ drafts, reading }: Gathered): void {
  for (const draft of [...drafts.values()]) {
    const named = [...draft.members].map(([id, at]) => ({ id, at }));
    for (const { id, at } of [...named, ...[draft.vlanLink, draft.primary].filter((one) => one !== undefined)]) {
      if (drafts.has(id)) continue;
      drafts.set(id, newDraft(id, "ethernets", at));
      if (reading.consumer.wantsDefinitions) undefinedId({ reading, label: draft.id, keyAt: at }, id);
    }
  }
}

/** Ports by id, each with the one bond or bridge that takes it; what netplan refuses is told. */
function mastersOf({ drafts, reading }: Gathered): ReadonlyMap<string, Draft> {
  const masters = new Map<string, Draft>();
  for (const draft of drafts.values())
    for (const [id, at] of draft.members) {
      const here: Here = { reading, label: draft.id, keyAt: at };
      const taken = masters.get(id);
      if (taken !== undefined)
        refuse(
          here,
          "netplan-port-taken",
          `${shown(id)} is a port of ${taken.id} already`,
          "Take it out of one of them.",
        );
      else masters.set(id, draft);
    }
  return masters;
}

function undefinedId(here: Here, id: string): void {
  refuse(
    here,
    "netplan-undefined",
    `${shown(id)} is not defined`,
    `Add ${/^wl/.test(id) ? "wifis" : "ethernets"}: {${id}: {}}.`,
  );
}

/** The name the interface has, where the text settles it; else the definition's id stands for it. */
function nameOf({ id, match, setName }: Draft): string {
  if (setName !== undefined) return setName;
  return match?.name === undefined || isPattern(match.name) ? id : match.name;
}

function checkDefinition(one: Placed, here: Here): void {
  const { draft, renderer, master } = one;
  if (draft.setName !== undefined && draft.match === undefined)
    refuse(here, "missing-key", "set-name needs a match", "Add match: {macaddress: …}.", draft.places.get("match"));
  if (draft.kind === "wifis" && draft.wifi === undefined)
    refuse(here, "missing-key", "no access points are defined", "Add access-points: {SSID: {password: …}}.");
  if (draft.kind === "vlans") checkVlan(draft, here);
  if (draft.isOvs)
    ignore(
      here,
      "Open vSwitch carries this out, not the kernel's bonding or bridge driver",
      "Nothing that is said here of the kernel's drivers holds for it.",
    );
  if (!isInterfaceName(one.name) && draft.kind !== "ethernets" && draft.kind !== "wifis")
    ignore(
      here,
      `${shown(one.name)} is no name the kernel takes, so there will be no such interface`,
      "Use at most 15 letters.",
    );
  if (renderer === "networkd" && draft.dhcp4 && draft.dhcp6) checkOverrides(draft, here);
  if (master !== undefined && (master.kind === "bonds" || renderer === "NetworkManager"))
    checkPort(draft, master, here);
  for (const [family, isOn, said] of [
    [4, draft.dhcp4, draft.overrides4],
    [6, draft.dhcp6, draft.overrides6],
  ] as const)
    if (!isOn && Object.keys(said).length > 0)
      ignore(
        here,
        `dhcp${family}-overrides has no effect without dhcp${family}: true`,
        `Add dhcp${family}: true, or remove it.`,
      );
}

function checkVlan(draft: Draft, here: Here): void {
  const { vlanId, vlanLink } = draft;
  if (vlanLink === undefined) refuse(here, "missing-key", "a VLAN needs a link", "Add link: ID of what it stands on.");
  if (vlanId === undefined) refuse(here, "missing-key", "a VLAN needs an id", "Add id: 1 to 4094.");
  else if (vlanId > 4094)
    refuse(here, "bad-value", `${vlanId} is no VLAN`, "Write 0 to 4094.", draft.places.get("vlan"));
}

/** systemd-networkd has one set of such settings for both families. */
function checkOverrides({ overrides4, overrides6, extra, places }: Draft, here: Here): void {
  const words = [
    ["route-metric", overrides4.metric, overrides6.metric],
    ["use-dns", overrides4.useDns ?? true, overrides6.useDns ?? true],
    ["use-routes", overrides4.useRoutes ?? true, overrides6.useRoutes ?? true],
    ...["hostname", "send-hostname", "use-domains", "use-hostname", "use-mtu", "use-ntp"].map(
      (key) => [key, extra.get(`dhcp4-overrides/${key}`)?.value, extra.get(`dhcp6-overrides/${key}`)?.value] as const,
    ),
  ] as const;
  for (const [word, four, six] of words)
    if (four !== six)
      refuse(
        here,
        "netplan-overrides-disagree",
        `${word} is not the same in dhcp4-overrides and dhcp6-overrides`,
        "Write it in both: systemd-networkd knows one for both families.",
        places.get("ipv4/metric"),
      );
}

/** Both renderers leave aside what a port of a bond says of addresses. */
function checkPort(draft: Draft, master: Draft, here: Here): void {
  const said = [
    draft.dhcp4 || draft.dhcp6 ? "DHCP" : undefined,
    draft.addresses4.length + draft.addresses6.length > 0 ? "its addresses" : undefined,
    draft.gateway4 !== undefined || draft.gateway6 !== undefined || draft.routes4.length + draft.routes6.length > 0
      ? "its routes"
      : undefined,
    draft.dns4.length + draft.dns6.length + draft.search.length > 0 ? "its name servers" : undefined,
  ].filter((one) => one !== undefined);
  if (said.length === 0) return;
  const at =
    draft.places.get("ipv4/addresses") ??
    draft.places.get("ipv6/addresses") ??
    draft.places.get("ipv4/method") ??
    draft.places.get("ipv6/method");
  here.reading.problems.push({
    code: "netplan-port-address",
    severity: "warning",
    message: `${draft.id} is a port of ${master.id}: ${inWords(said)} will not be set up on it`,
    hint: `Move this to ${master.id}.`,
    at: at ?? here.keyAt,
  });
}

function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function interfaceOf(
  one: Placed,
  byId: ReadonlyMap<string, Placed>,
  unmade: ReadonlySet<Draft>,
  here: Here,
): Interface {
  const { draft, name, renderer, master } = one;
  // NetworkManager drops addresses from the profile of any port.
  const isPort = master !== undefined && (master.kind === "bonds" || renderer === "NetworkManager");
  const optional = optionalOf(one, here);
  return {
    name,
    ...matchOf(draft),
    start: draft.isManual === true ? "manual" : "boot",
    ...(optional ? { optional } : {}),
    ...(isPort ? { ipv4: nothing, ipv6: nothing } : ipOf(one, here)),
    ...(draft.mtu === undefined ? {} : { mtu: draft.mtu }),
    ...(draft.mac === undefined ? {} : { mac: draft.mac }),
    ...(draft.wifi === undefined ? {} : { wifi: draft.wifi }),
    ...vlanOf(draft, byId, unmade, here),
    ...bridgeOf(one, byId, unmade),
    hooks: [],
    extra: extrasOf(draft, renderer),
  };
}

function ipOf(one: Placed, here: Here): Pick<Interface, "ipv4" | "ipv6" | "dns"> {
  const { draft, renderer } = one;
  if (renderer === "NetworkManager") return managedIp(one, here);
  const servers = [...draft.dns4, ...draft.dns6];
  const dns = servers.length + draft.search.length === 0 ? {} : { dns: { servers, search: draft.search } };
  return { ipv4: ipv4Of(one, here), ipv6: ipv6Of(one, here), ...dns };
}

const nothing = { method: "none", addresses: [] } as const;

/** NetworkManager's profiles have no word for it: its wait-online waits for what is being activated. */
function optionalOf({ draft, renderer }: Placed, here: Here): true | undefined {
  // Nobody waits for what is started by hand.
  if (draft.isManual === true && renderer === "networkd") return true;
  if (draft.optional !== true) return undefined;
  if (renderer !== "NetworkManager") return true;
  return ignore(
    { ...here, keyAt: draft.places.get("optional") ?? here.keyAt },
    "optional is left out with the renderer NetworkManager",
    "Set ipv4.may-fail or connection.wait-device-timeout in NetworkManager.",
  );
}

function matchOf({ match, setName, extra, id }: Draft): Pick<Interface, "match"> {
  if (match === undefined) return {};
  const { name, mac, drivers = [] } = match;
  const isWhole = name !== undefined && !isPattern(name) && setName === undefined;
  // Without a name to go by or to give, any name will do.
  const pattern = isWhole ? undefined : (name ?? (setName === undefined ? "*" : undefined));
  const isRenamedByPattern = setName !== undefined && pattern !== undefined && isPattern(pattern);
  if (isRenamedByPattern) extra.set("set-name", { key: "set-name", value: JSON.stringify(setName), from: "netplan" });
  const said = {
    ...(mac === undefined ? {} : { mac }),
    ...(drivers.length === 0 ? {} : { driver: drivers.join(" ") }),
    ...(pattern === undefined || (pattern === id && setName === undefined) ? {} : { pattern }),
  };
  return Object.keys(said).length === 0 ? {} : { match: said };
}

function vlanOf(
  { kind, vlanId, vlanLink }: Draft,
  byId: ReadonlyMap<string, Placed>,
  unmade: ReadonlySet<Draft>,
  here: Here,
): Pick<Interface, "vlan"> {
  if (kind !== "vlans" || vlanId === undefined || vlanLink === undefined) return {};
  const parent = byId.get(vlanLink.id);
  if (parent === undefined || !bearsNoVlan(parent, unmade))
    return { vlan: { parent: nameBy(vlanLink, byId), id: vlanId } };
  if (!unmade.has(parent.draft))
    here.reading.problems.push({
      code: "netplan-vlan-lost",
      severity: "error",
      message: `${here.label}: no VLAN is made: netplan writes it into the wrong section of ${parent.name}, which is a port of a bridge with a cost or priority`,
      hint: `Take path-cost and port-priority of ${parent.name} out of the bridge, or put the VLAN on the bridge.`,
      at: vlanLink.at,
    });
  return {};
}

function bridgeOf(
  { draft, renderer }: Placed,
  byId: ReadonlyMap<string, Placed>,
  unmade: ReadonlySet<Draft>,
): Pick<Interface, "bridge"> {
  if (draft.kind !== "bridges" || draft.isOvs) return {};
  const ports = [...draft.members.keys()]
    .filter((id) => {
      const port = byId.get(id);
      return port?.master === draft && !unmade.has(port.draft);
    })
    .map((id) => nameBy({ id }, byId));
  return { bridge: { ports, settings: bridgeSettingsOf(draft, renderer) } };
}

/** NetworkManager reads whole seconds, and nothing with a unit behind it. */
function bridgeSettingsOf({ bridgeSettings }: Draft, renderer: Renderer): Readonly<Record<string, string>> {
  const readable = [...bridgeSettings].filter(([, value]) => renderer !== "NetworkManager" || /^\d+$/.test(value));
  return Object.fromEntries(readable.map(([setting, value]) => [setting, value.replace(/s$/, "")]));
}

/** The name of the interface a definition stands for. */
export function nameBy({ id }: Pick<Reference, "id">, byId: ReadonlyMap<string, Placed>): string {
  return byId.get(id)?.name ?? id;
}

const plainKinds: ReadonlySet<string> = new Set(["ethernets", "wifis", "bonds", "bridges", "vlans"]);

function extrasOf({ kind, extra }: Draft, renderer: Renderer): readonly Extra[] {
  const from = "netplan";
  return [
    ...(plainKinds.has(kind) ? [] : [{ key: "kind", value: JSON.stringify(kind), from }]),
    ...(renderer === "NetworkManager" ? [{ key: "renderer", value: JSON.stringify(renderer), from }] : []),
    ...extra.values(),
  ];
}

function noteOrigins({ draft, name }: Placed, origins: Map<string, Span>): void {
  origins.set(`interface/${name}`, draft.at);
  for (const [field, at] of draft.places)
    if (field !== "members" && field !== "unread") origins.set(`interface/${name}/${field}`, at);
}
