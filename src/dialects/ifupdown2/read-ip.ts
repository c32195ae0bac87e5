import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { IpSettings, Route } from "../../model/config.ts";
import { familyOf, isAddress, isCidr, prefixOfNetmask } from "../netmask.ts";
import type { Attribute, Stanza } from "./read-file.ts";

/** The settings of one family while its stanzas are read, and where each was said. */
export interface IpDraft {
  method: IpSettings["method"];
  readonly addresses: string[];
  gateway?: string;
  metric?: number;
  acceptRa?: boolean;
  readonly routes: Route[];
  readonly places: Map<string, Span>;
}

export interface IpDrafts {
  readonly ipv4: IpDraft;
  readonly ipv6: IpDraft;
}

/** Nothing said yet. */
export function emptyDrafts(): IpDrafts {
  const empty = (): IpDraft => ({ method: "none", addresses: [], routes: [], places: new Map() });
  return { ipv4: empty(), ipv6: empty() };
}

/** The finished settings of a family. */
export function finishIp({ method, addresses, gateway, metric, acceptRa, routes }: IpDraft): IpSettings {
  return {
    method,
    addresses: [...new Set(addresses)],
    ...(gateway === undefined ? {} : { gateway }),
    ...(metric === undefined ? {} : { metric }),
    ...(routes.length === 0 ? {} : { routes }),
    ...(acceptRa === undefined ? {} : { acceptRa }),
  };
}

const strength: readonly IpSettings["method"][] = ["none", "manual", "other", "static", "auto", "dhcp", "loopback"];

function takeMethod(draft: IpDraft, method: IpSettings["method"], at: Span): void {
  if (strength.indexOf(method) <= strength.indexOf(draft.method)) return;
  draft.method = method;
  draft.places.set("method", at);
}

/** Takes method, addresses, gateways and metric of one stanza; the attributes that were used or told of. An address is set whatever
 *  the stanza's family, and whatever its method but dhcp and ppp; one that is none costs all of the stanza. Source: addons/address.py. */
export function readIp(drafts: IpDrafts, stanza: Stanza, problems: Diagnostic[]): ReadonlySet<Attribute> {
  const used = new Set<Attribute>();
  readMethod(drafts, stanza);
  const isDhcp = stanza.method !== undefined && /dhcp|ppp/.test(stanza.method);
  const addresses = addressesOf(stanza, used, problems);
  if (isDhcp && addresses.length > 0) tellBesideDhcp(stanza, addresses[0], problems);
  else
    for (const { cidr, at } of addresses) {
      const draft = familyOf(cidr) === "ipv6" ? drafts.ipv6 : drafts.ipv4;
      draft.addresses.push(cidr);
      if (!draft.places.has("addresses")) draft.places.set("addresses", at);
      takeMethod(draft, "static", at);
    }
  readGateways(drafts, stanza, used, problems);
  return used;
}

function readMethod(drafts: IpDrafts, { family, method, nameAt }: Stanza): void {
  if (family === undefined) return;
  const draft = family === "inet" ? drafts.ipv4 : drafts.ipv6;
  if (method === "dhcp6") takeMethod(drafts.ipv6, "dhcp", nameAt);
  else takeMethod(draft, modelMethod(family, method), nameAt);
}

function modelMethod(family: "inet" | "inet6", method: string | undefined): IpSettings["method"] {
  switch (method) {
    case "manual":
    case "loopback":
    case "dhcp":
      return method;
    // Addresses make it static, and nothing else.
    case "static":
      return "manual";
    case "auto":
      return family === "inet6" ? "auto" : "manual";
    default:
      return "other";
  }
}

interface Address {
  readonly cidr: string;
  readonly at: Span;
}

/** A netmask belongs to the address above it; without one, and without a prefix length, an address stands for itself alone. */
function addressesOf(stanza: Stanza, used: Set<Attribute>, problems: Diagnostic[]): readonly Address[] {
  const said: { attribute: Attribute; mask?: Attribute }[] = [];
  for (const attribute of stanza.attributes) {
    if (attribute.key === "address") said.push({ attribute });
    else if (attribute.key !== "netmask") continue;
    else if (said.length > 0)
      said[said.length - 1] = { attribute: said.at(-1)?.attribute ?? attribute, mask: attribute };
    else tellLooseMask(stanza, attribute, problems);
    used.add(attribute);
  }
  const read = said.map(({ attribute, mask }) => ({ attribute, mask, cidr: cidrOf(attribute.value, mask?.value) }));
  const bad = read.find(({ cidr }) => cidr === undefined);
  if (bad !== undefined) {
    const rest = said.length > 1 ? "; none of this stanza's addresses is set" : "; it is not set";
    problems.push({
      code: "ifupdown2-bad-address",
      severity: "error",
      message: `${stanza.name}: "${bad.attribute.value}" is no address that ifupdown2 takes${rest}`,
      hint: "Write the address with its prefix length, e.g. address 192.0.2.10/24.",
      at: bad.attribute.at,
    });
    return [];
  }
  for (const { attribute, mask } of read)
    if (mask === undefined && !attribute.value.includes("/")) tellBareAddress(stanza, attribute, problems);
  return read.flatMap(({ cidr, attribute }) => (cidr === undefined ? [] : [{ cidr, at: attribute.at }]));
}

function cidrOf(text: string, mask: string | undefined): string | undefined {
  const [address = "", said] = text.split("/");
  const family = familyOf(address);
  if (family === undefined || text.split("/").length > 2) return undefined;
  const bits = said ?? mask;
  const prefix =
    bits === undefined
      ? family === "ipv4"
        ? 32
        : 128
      : /^\d{1,3}$/.test(bits)
        ? Number(bits)
        : family === "ipv4"
          ? prefixOfNetmask(bits)
          : undefined;
  const cidr = `${family === "ipv6" ? address.toLowerCase() : address}/${prefix}`;
  return prefix !== undefined && isCidr(cidr, family) ? cidr : undefined;
}

function tellLooseMask({ name }: Stanza, { at }: Attribute, problems: Diagnostic[]): void {
  const message = `${name}: a netmask above the address counts for nothing in ifupdown2: the address is set without its subnet`;
  const hint = "Write the prefix length behind the address, e.g. address 192.0.2.10/24.";
  problems.push({ code: "ifupdown2-ignored", severity: "error", message, hint, at });
}

function tellBareAddress({ name }: Stanza, { value, at }: Attribute, problems: Diagnostic[]): void {
  const message = `${name}: ${value} has no prefix length: only the address itself will be on the link`;
  const hint = `Write address ${value}/${value.includes(":") ? 64 : 24} if that is what you mean.`;
  problems.push({ code: "ifupdown2-no-prefix", severity: "warning", message, hint, at });
}

function tellBesideDhcp({ name }: Stanza, address: Address | undefined, problems: Diagnostic[]): void {
  const message = `${name}: in a stanza with dhcp ifupdown2 sets no address`;
  const hint = `Give the address a stanza of its own: iface ${name} inet static.`;
  const at = address?.at;
  problems.push({ code: "ifupdown2-ignored", severity: "error", message, hint, ...(at === undefined ? {} : { at }) });
}

function readGateways(drafts: IpDrafts, stanza: Stanza, used: Set<Attribute>, problems: Diagnostic[]): void {
  const metric = stanza.attributes.find(({ key }) => key === "metric");
  const number = metric !== undefined && /^\d{1,10}$/.test(metric.value) ? Number(metric.value) : undefined;
  let isMetricUsed = false;
  for (const attribute of stanza.attributes) {
    if (attribute.key !== "gateway") continue;
    const family = isAddress(attribute.value, "ipv6") ? "ipv6" : "ipv4";
    const draft = drafts[family];
    if (!isAddress(attribute.value, family) || draft.gateway !== undefined) {
      const why = draft.gateway === undefined ? "it is no address" : "there is one of its family already";
      const message = `${stanza.name}: the gateway "${attribute.value}" is not kept: ${why}`;
      problems.push({ code: "ifupdown2-ignored", severity: "error", message, at: attribute.at });
    } else {
      draft.gateway = attribute.value;
      draft.places.set("gateway", attribute.at);
      if (number !== undefined && metric !== undefined) {
        draft.metric = number;
        draft.places.set("metric", metric.at);
        isMetricUsed = true;
      }
    }
    used.add(attribute);
  }
  if (metric === undefined) return;
  used.add(metric);
  if (isMetricUsed) return;
  const message = `${stanza.name}: the metric has no effect: it is the gateway's, and there is none in this stanza`;
  problems.push({ code: "ifupdown2-ignored", severity: "warning", message, at: metric.at });
}
