import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { Hook, Interface } from "../../model/config.ts";
import { readSettingCommand } from "../setting-commands.ts";
import type { StanzaOption } from "./document.ts";
import {
  emptyDraft,
  type Family,
  finishDraft,
  type IpDraft,
  modelMethod,
  readAcceptRa,
  readAddresses,
  readGateway,
  readMetric,
  takeMethod,
} from "./ip-settings.ts";
import { emptyLink, finishWifi, type LinkDraft, takeLinkVariable, takeVlanByName } from "./link-settings.ts";
import { lineSpan, type ResolvedStanza, spanOfVariable, type Variable } from "./variables.ts";

type Extra = Interface["extra"][number];

/** One interface's stanzas, and what is known of it from elsewhere. */
export interface Group {
  readonly name: string;
  readonly stanzas: readonly ResolvedStanza[];
  readonly start: Interface["start"];
  /** Bonding lines the bond's meaning has used up (or that were told to be without effect). */
  readonly bonding: (variable: Variable, env: string) => boolean;
  /** Further things the text says of it outside its stanzas: allow- classes, no-auto-down, … */
  readonly marks: readonly Extra[];
}

interface Draft {
  readonly inet: IpDraft;
  readonly inet6: IpDraft;
  readonly link: LinkDraft;
  readonly hooks: Hook[];
  readonly extra: Extra[];
  readonly places: Map<string, Span>;
}

/** The settings of one interface from all its stanzas, where each was said, and what was wrong with them. */
export function readSettings(group: Group): {
  readonly iface: Interface;
  readonly places: ReadonlyMap<string, Span>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const draft: Draft = {
    inet: emptyDraft(),
    inet6: emptyDraft(),
    link: emptyLink(),
    hooks: [],
    extra: [...group.marks],
    places: new Map(),
  };
  const main = mainFamily(group.stanzas);
  const ordered = [
    ...group.stanzas.filter((one) => one.family === main),
    ...group.stanzas.filter((one) => one.family !== main),
  ];
  for (const stanza of ordered) {
    const other =
      stanza.family !== main && (stanza.family === "inet" || stanza.family === "inet6") ? stanza.family : undefined;
    readStanza(draft, stanza, group, other, diagnostics);
  }
  const [first] = group.stanzas;
  if (first !== undefined) takeVlanByName(draft.link, first);
  return { iface: finish(draft, group), places: gatherPlaces(draft), diagnostics };
}

/** The family whose stanza carries what belongs to no family: inet when there is one, else the first. */
function mainFamily(stanzas: readonly ResolvedStanza[]): string | undefined {
  return stanzas.some((one) => one.family === "inet") ? "inet" : stanzas[0]?.family;
}

function readStanza(
  draft: Draft,
  stanza: ResolvedStanza,
  group: Group,
  family: Family | undefined,
  diagnostics: Diagnostic[],
): void {
  readMethod(draft, stanza);
  complainTwice(stanza, diagnostics);
  const hasAddress = stanza.method === "static" || stanza.family === undefined;
  const used = hasAddress ? readAddresses(stanza, draft, diagnostics) : new Set<Variable>();
  if (stanza.family === undefined && draft.inet.method === "none" && draft.inet6.method === "none") {
    takeMethod(draft.inet, "manual", stanza.stanza.name.span);
  }
  for (const [env, variable] of stanza.env) {
    if (used.has(variable) || group.bonding(variable, env)) continue;
    if (takeIpVariable(draft, stanza, variable)) continue;
    if (takeLinkVariable(draft.link, stanza, env, variable)) continue;
    complain(stanza, variable, diagnostics);
    keep(draft, variable.name, variable.value, family, spanOfVariable(variable));
  }
  for (const command of stanza.commands) readCommand(draft, command, family);
}

function readMethod(draft: Draft, stanza: ResolvedStanza): void {
  const { family, method } = stanza;
  if (family === undefined) return;
  const word = modelMethod(method);
  const at = stanza.stanza.method?.span ?? stanza.stanza.name.span;
  if (family === "inet" || family === "inet6") takeMethod(draft[family], word, at);
  if (word === "other" || (family !== "inet" && family !== "inet6")) {
    keep(draft, "iface", method === undefined ? family : `${family} ${method}`, undefined, stanza.stanza.span);
  }
}

function takeIpVariable(draft: Draft, stanza: ResolvedStanza, variable: Variable): boolean {
  const { family, method } = stanza;
  const addressed = method === "static" || family === undefined;
  if (variable.name === "gateway") return addressed && readGateway(stanza, variable, draft);
  if (variable.name === "accept_ra") return readAcceptRa(draft.inet6, stanza, variable);
  if (variable.name !== "metric" || (family !== "inet" && family !== "inet6")) return false;
  return (addressed || (family === "inet" && method === "dhcp")) && readMetric(draft[family], variable);
}

/** Options of which one line is all ifupdown can use: a second one is glued to the first by a line feed. */
const single: ReadonlySet<string> = new Set([
  "address",
  "netmask",
  "gateway",
  "metric",
  "mtu",
  "hwaddress",
  "broadcast",
  "bond-mode",
  "bond-miimon",
  "bond-master",
]);

function complainTwice(stanza: ResolvedStanza, diagnostics: Diagnostic[]): void {
  for (const variable of stanza.variables.values()) {
    const [first, second] = variable.said;
    if (first === undefined || second === undefined || !single.has(variable.name.replace(/_/g, "-"))) continue;
    const message = `${stanza.stanza.name.text}: ${variable.name} is said ${variable.said.length} times in one stanza; ifup joins the lines into one value`;
    const hint = "Keep one of the lines; further addresses go into stanzas of their own.";
    const also = [{ at: lineSpan(first), note: "said here first" }];
    diagnostics.push({
      code: "ifupdown-duplicate-option",
      severity: "warning",
      message,
      hint,
      at: lineSpan(second),
      also,
    });
  }
}

/** Address lines in a stanza whose method has no use for them, and lines that say a thing twice. */
function complain(stanza: ResolvedStanza, variable: Variable, diagnostics: Diagnostic[]): void {
  const name = stanza.stanza.name.text;
  const at = spanOfVariable(variable);
  const { family, method } = stanza;
  const addressed = ["address", "netmask", "gateway"].includes(variable.name);
  if (addressed && (method === "manual" || method === "dhcp")) {
    const message = `${name}: ${family} ${method} ignores ${variable.name}`;
    const hint = `Remove the line, or make the method static.`;
    diagnostics.push({ code: "ifupdown-option-without-effect", severity: "warning", message, hint, at });
  } else if (variable.name === "gateway" && addressed && method === "static") {
    const message = `${name}: "${variable.value}" is not a gateway address of this family, or the second one`;
    diagnostics.push({ code: "ifupdown-bad-gateway", severity: "error", message, at });
  }
}

function readCommand(draft: Draft, option: StanzaOption, family: Family | undefined): void {
  const when = option.key.text as Hook["when"];
  const command = option.value.text;
  const setting = family === undefined ? readSettingCommand(when, command) : undefined;
  if (setting?.sets === "route") {
    draft[setting.family].routes.push(setting.route);
    return;
  }
  // Commands run in order, and after what the options set: the last one counts.
  if (setting?.sets === "accept-ra") {
    draft.inet6.acceptRa = setting.acceptRa;
    draft.inet6.places.set("acceptRa", lineSpan(option));
    return;
  }
  if (setting?.sets === "mtu") {
    draft.link.mtu = setting.mtu;
    draft.link.places.set("mtu", lineSpan(option));
    return;
  }
  if (setting?.sets === "mac") {
    draft.link.mac = setting.mac;
    draft.link.places.set("mac", lineSpan(option));
    return;
  }
  draft.places.set(`hooks/${draft.hooks.length}`, lineSpan(option));
  draft.hooks.push({ when, command, ...(family === undefined ? {} : { family }) });
}

function keep(draft: Draft, key: string, value: string, family: Family | undefined, at: Span): void {
  draft.places.set(`extra/${draft.extra.length}`, at);
  draft.extra.push({ key, value, ...(family === undefined ? {} : { family }) });
}

function finish(draft: Draft, group: Group): Interface {
  const { link } = draft;
  const wifi = finishWifi(link);
  return {
    name: group.name,
    start: group.start,
    ipv4: finishDraft(draft.inet),
    ipv6: finishDraft(draft.inet6),
    ...(link.dns === undefined ? {} : { dns: link.dns }),
    ...(link.mtu === undefined ? {} : { mtu: link.mtu }),
    ...(link.mac === undefined ? {} : { mac: link.mac }),
    ...(wifi === undefined ? {} : { wifi }),
    ...(link.vlan === undefined ? {} : { vlan: link.vlan }),
    ...(link.bridge === undefined
      ? {}
      : { bridge: { ports: link.bridge.ports, settings: Object.fromEntries(link.bridge.settings) } }),
    hooks: draft.hooks,
    extra: draft.extra,
  };
}

/** Where each field was said, by its path below "interface/NAME/". */
function gatherPlaces(draft: Draft): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>([...draft.link.places, ...draft.places]);
  for (const [family, key] of [
    ["inet", "ipv4"],
    ["inet6", "ipv6"],
  ] as const) {
    for (const [field, span] of draft[family].places) places.set(`${key}/${field}`, span);
    const method = draft[family].places.get("method");
    if (method !== undefined) places.set(key, method);
  }
  return places;
}
