import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { Origins } from "../../diagnostic/origins.ts";
import type { Bond, Wifi } from "../../model/bond.ts";
import { type Config, type Extra, emptyConfig, type Hook, type Interface } from "../../model/config.ts";
import { readSettingCommand } from "../setting-commands.ts";
import { withoutAwake } from "../stay-awake.ts";
import { readSupplicantFiles } from "../wpa-supplicant.ts";
import { looksLikeMaking, type Making, takeMakings } from "./made-beforehand.ts";
import { type BondRead, isOfBond, makesBond, readBond, tellUnread } from "./read-bond.ts";
import type { Attribute, FileRead, Stanza } from "./read-file.ts";
import { emptyDrafts, finishIp, type IpDrafts, readIp } from "./read-ip.ts";
import { type LinkDraft, takeLink, vlanOf } from "./read-link.ts";
import { supplicantCommand } from "./supplicant-command.ts";

/** Attributes that may be read for the ranges of a file, which multiply them: keeps a hostile file linear. */
const rangeBudget = 2_000_000;

interface Reading {
  readonly radios: ReadonlyMap<string, Wifi>;
  readonly origins: Map<string, Span>;
  readonly problems: Diagnostic[];
  readonly bonds: Bond[];
  readonly makings: Making[];
  budget: number;
}

interface Draft {
  readonly ip: IpDrafts;
  readonly link: LinkDraft;
  readonly hooks: Hook[];
  readonly extra: Extra[];
  bond?: BondRead;
  vlan?: { readonly parent: string; readonly id: number };
  wifi?: Wifi;
}

/** What the stanzas amount to once ifup has run. */
export function interpret(
  read: FileRead,
  files: FileSet,
): { readonly config: Config; readonly origins: Origins; readonly diagnostics: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const reading: Reading = {
    radios: readSupplicantFiles(files, problems),
    origins: new Map(),
    problems,
    bonds: [],
    makings: [],
    budget: rangeBudget,
  };
  const groups = new Map<string, Stanza[]>();
  for (const stanza of read.stanzas) {
    const group = groups.get(stanza.name);
    if (group === undefined) groups.set(stanza.name, [stanza]);
    else group.push(stanza);
  }
  const interfaces = [...groups].map(([name, stanzas]) => readInterface(reading, name, stanzas, read.autos));
  tellPortAddresses(interfaces, reading);
  const place = (part: string, at: Span): void => void reading.origins.set(part, at);
  const own = withoutPortAddresses(interfaces, reading.bonds);
  const config = withoutAwake({ ...emptyConfig, ...takeMakings(reading.bonds, own, reading.makings, place) });
  return { config, origins: reading.origins, diagnostics: [...read.diagnostics, ...problems] };
}

function readInterface(
  reading: Reading,
  name: string,
  stanzas: readonly Stanza[],
  autos: ReadonlyMap<string, Span>,
): Interface {
  const draft: Draft = { ip: emptyDrafts(), link: { places: new Map() }, hooks: [], extra: [] };
  const main = stanzas.find(({ family }) => family === "inet") ?? stanzas[0];
  for (const stanza of stanzas) readStanza(reading, draft, stanza, stanza.family === main?.family ? undefined : stanza);
  if (draft.bond !== undefined) keepBond(reading, draft.bond);
  const { ip, link } = draft;
  const { origins } = reading;
  if (main !== undefined) origins.set(`interface/${name}`, main.nameAt);
  for (const [field, at] of link.places) origins.set(`interface/${name}/${field}`, at);
  for (const family of ["ipv4", "ipv6"] as const)
    for (const [field, at] of ip[family].places) origins.set(`interface/${name}/${family}/${field}`, at);
  return {
    name,
    start: startOf(reading, name, stanzas, draft.extra, autos),
    ipv4: finishIp(ip.ipv4),
    ipv6: finishIp(ip.ipv6),
    ...(link.dns === undefined ? {} : { dns: { servers: [...link.dns.servers], search: [...link.dns.search] } }),
    ...(link.mtu === undefined ? {} : { mtu: link.mtu }),
    ...(link.mac === undefined ? {} : { mac: link.mac }),
    ...(draft.wifi === undefined ? {} : { wifi: draft.wifi }),
    ...(draft.vlan === undefined ? {} : { vlan: draft.vlan }),
    ...(link.bridge === undefined ? {} : { bridge: { ports: [...link.bridge.ports], settings: link.bridge.settings } }),
    hooks: draft.hooks,
    extra: draft.extra,
  };
}

/** `sibling`: the stanza is of another family than the main one. */
function readStanza(reading: Reading, draft: Draft, stanza: Stanza, sibling: Stanza | undefined): void {
  reading.budget -= stanza.attributes.length;
  const used = readIp(draft.ip, stanza, reading.problems);
  if (reading.budget < 0) return;
  const family = sibling?.family;
  const isBond = makesBond(stanza.attributes);
  const bond = isBond ? readBond(stanza.name, stanza.attributes, reading.problems) : undefined;
  if (bond !== undefined) draft.bond ??= bond;
  if (stanza.family !== undefined && draft.ip[stanza.family === "inet" ? "ipv4" : "ipv6"].method === "other")
    draft.extra.push({ key: "iface", value: `${stanza.family} ${stanza.method ?? ""}`, from: "ifupdown2" });
  const keys = new Set(stanza.attributes.map(({ key }) => key));
  for (const attribute of stanza.attributes) {
    if (used.has(attribute)) continue;
    if (isOfBond(attribute.key)) {
      if (!isBond) tellUnread(stanza.name, attribute, reading.problems);
    } else if (isWhen(attribute.key)) readCommand(reading, draft, stanza, attribute, family);
    else if (!takeLink(draft.link, attribute, keys)) keep(draft, attribute, family);
  }
  if (isBond) return;
  const vlan = vlanOf(stanza);
  if (vlan === "no-number") tellNoNumber(reading, stanza);
  else if (vlan !== undefined && draft.link.bridge === undefined) draft.vlan ??= vlan;
}

function keep(draft: Draft, { key, value }: Attribute, family: "inet" | "inet6" | undefined): void {
  draft.extra.push({ key, value, from: "ifupdown2", ...(family === undefined ? {} : { family }) });
}

const whens = ["pre-up", "up", "post-up", "down", "pre-down", "post-down"] as const;

function isWhen(key: string): key is Hook["when"] {
  return (whens as readonly string[]).includes(key);
}

function readCommand(
  { radios, makings }: Reading,
  draft: Draft,
  { name }: Stanza,
  { key, value, at }: Attribute,
  family: "inet" | "inet6" | undefined,
): void {
  const when = key as Hook["when"];
  const radio = radios.get(name);
  if (when === "pre-up" && radio !== undefined && value === supplicantCommand(name)) {
    draft.wifi = radio;
    return;
  }
  const setting = family === undefined ? readSettingCommand(when, value) : undefined;
  if (setting?.sets === "route") draft.ip[setting.family === "inet" ? "ipv4" : "ipv6"].routes.push(setting.route);
  // Commands run in order: the last one counts.
  else if (setting?.sets === "accept-ra") draft.ip.ipv6.acceptRa = setting.acceptRa;
  else {
    const hook: Hook = { when, command: value, ...(family === undefined ? {} : { family }) };
    draft.hooks.push(hook);
    if (looksLikeMaking(hook)) makings.push({ stands: name, hook, at });
  }
}

function keepBond({ bonds, origins }: Reading, { bond, options, portsAt }: BondRead): void {
  bonds.push(bond);
  origins.set(`bond/${bond.name}`, portsAt);
  for (const port of bond.ports) origins.set(`bond/${bond.name}/port/${port}`, portsAt);
  for (const [option, at] of options) origins.set(`bond/${bond.name}/option/${option}`, at);
}

/** `auto` counts for the stanzas below it. A class that is not udev's is kept as it is. */
function startOf(
  { origins, problems }: Reading,
  name: string,
  stanzas: readonly Stanza[],
  extra: Extra[],
  autos: ReadonlyMap<string, Span>,
): Interface["start"] {
  const classes = new Set(stanzas.flatMap((one) => one.classes));
  for (const one of classes)
    if (one !== "hotplug" && one !== "auto") extra.push({ key: `allow-${one}`, value: "yes", from: "ifupdown2" });
  const said = autos.get(name);
  if (said !== undefined) origins.set(`interface/${name}/start`, said);
  if (stanzas.some(({ isAuto }) => isAuto)) return "boot";
  if (said !== undefined)
    problems.push({
      code: "ifupdown2-auto-too-late",
      severity: "error",
      message: `${name}: its auto line stands below its stanza, where ifupdown2 no longer looks for it: it is not brought up at boot`,
      hint: `Move auto ${name} above iface ${name}.`,
      at: said,
    });
  return classes.has("hotplug") ? "hotplug" : "manual";
}

function tellNoNumber({ problems }: Reading, { name, nameAt }: Stanza): void {
  const message = `${name}: ifupdown2 takes it for a VLAN and finds no number for it: it is not made`;
  const hint = "Say vlan-id, or end the name in a dot and the number.";
  problems.push({ code: "ifupdown2-no-vlan", severity: "error", message, hint, at: nameAt });
}

/** What is in a bond or a bridge gets no address from ifupdown2, whatever its stanza says. */
function tellPortAddresses(interfaces: readonly Interface[], { bonds, origins, problems }: Reading): void {
  const above = placesOf(interfaces, bonds);
  for (const { name, ipv4, ipv6 } of interfaces) {
    const master = above.get(name);
    const isAddressed = [ipv4, ipv6].some(({ method, addresses }) => addresses.length > 0 || method === "dhcp");
    if (master === undefined || !isAddressed) continue;
    const at = origins.get(`interface/${name}/ipv4/method`) ?? origins.get(`interface/${name}`);
    problems.push({
      code: "ifupdown2-port-address",
      severity: "warning",
      message: `${name}: ifupdown2 gives it no address: it is in ${master}`,
      hint: `Give the address to ${master}.`,
      ...(at === undefined ? {} : { at }),
    });
  }
}

function withoutPortAddresses(interfaces: readonly Interface[], bonds: readonly Bond[]): readonly Interface[] {
  const above = placesOf(interfaces, bonds);
  return interfaces.map((iface) => {
    const isPlain = [iface.ipv4, iface.ipv6].every(
      ({ method, addresses }) => addresses.length === 0 && method !== "dhcp",
    );
    if (!above.has(iface.name) || isPlain) return iface;
    const bare = { method: "manual", addresses: [] } as const;
    return { ...iface, ipv4: bare, ipv6: { method: "none", addresses: [] } };
  });
}

function placesOf(interfaces: readonly Interface[], bonds: readonly Bond[]): ReadonlyMap<string, string> {
  return new Map([
    ...interfaces.flatMap(({ name, bridge }) => (bridge?.ports ?? []).map((port) => [port, name] as const)),
    ...bonds.flatMap(({ name, ports }) => ports.map((port) => [port, name] as const)),
  ]);
}
