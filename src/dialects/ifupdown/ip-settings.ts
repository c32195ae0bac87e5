import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { IpSettings, Route } from "../../model/config.ts";
import { classBits, isCidr, isIpv4, isIpv6, maskBits } from "./addresses.ts";
import { splitWords } from "./scan.ts";
import { type ResolvedStanza, spanOfVariable, type Variable } from "./variables.ts";

export type Family = "inet" | "inet6";

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

/** Nothing said yet. */
export function emptyDraft(): IpDraft {
  return { method: "none", addresses: [], routes: [], places: new Map() };
}

/** The finished settings. */
export function finishDraft(draft: IpDraft): IpSettings {
  const { method, addresses, gateway, metric, routes, acceptRa } = draft;
  return {
    method,
    addresses,
    ...(gateway === undefined ? {} : { gateway }),
    ...(metric === undefined ? {} : { metric }),
    ...(routes.length === 0 ? {} : { routes }),
    ...(acceptRa === undefined ? {} : { acceptRa }),
  };
}

/** Methods in order of how much they say: the strongest stanza of a family names its method. */
const strength: readonly IpSettings["method"][] = ["none", "manual", "other", "static", "auto", "dhcp", "loopback"];

/** The model's word for a method of ifupdown; "other" for those it has none for. */
export function modelMethod(method: string | undefined): IpSettings["method"] {
  switch (method) {
    case "manual":
    case "static":
    case "dhcp":
    case "auto":
    case "loopback":
      return method;
    default:
      return "other";
  }
}

/** Takes over the method of a stanza unless a stronger one is there. */
export function takeMethod(draft: IpDraft, method: IpSettings["method"], at: Span): void {
  if (strength.indexOf(method) <= strength.indexOf(draft.method)) return;
  draft.method = method;
  draft.places.set("method", at);
}

/** Reads the address lines of a static stanza (or of one without a family). Gives back the variables it could not use:
 *  they go to the interface's extras, word for word. */
export function readAddresses(
  stanza: ResolvedStanza,
  drafts: { readonly inet: IpDraft; readonly inet6: IpDraft },
  diagnostics: Diagnostic[],
): ReadonlySet<Variable> {
  const used = new Set<Variable>();
  const address = stanza.variables.get("address");
  if (address === undefined) return used;
  const netmask = stanza.variables.get("netmask");
  const texts = splitWords(address.value);
  const name = stanza.stanza.name.text;
  const read = texts.map((text) => readAddress(name, text, familyOf(stanza, text), netmask, address, diagnostics));
  if (texts.length === 0 || read.some((one) => one === undefined)) return used;
  texts.forEach((text, index) => {
    const draft = drafts[familyOf(stanza, text)];
    const cidr = read[index];
    if (cidr === undefined) return;
    if (!draft.addresses.includes(cidr)) draft.addresses.push(cidr);
    if (!draft.places.has("addresses")) draft.places.set("addresses", spanOfVariable(address));
    takeMethod(draft, "static", stanza.stanza.method?.span ?? stanza.stanza.name.span);
  });
  used.add(address);
  if (netmask !== undefined) used.add(netmask);
  return used;
}

/** The family a stanza gives a value; without one (ifupdown2's short form) the value itself tells. */
export function familyOf(stanza: ResolvedStanza, text: string): Family {
  if (stanza.family === "inet" || stanza.family === "inet6") return stanza.family;
  return text.includes(":") ? "inet6" : "inet";
}

function readAddress(
  name: string,
  text: string,
  family: Family,
  netmask: Variable | undefined,
  from: Variable,
  diagnostics: Diagnostic[],
): string | undefined {
  const [address = "", slash] = splitOnce(text, "/");
  const valid = family === "inet" ? isIpv4(address) : isIpv6(address);
  const at = spanOfVariable(from);
  if (!valid) {
    const what = family === "inet" ? "an IPv4 address" : "an IPv6 address";
    diagnostics.push({
      code: "ifupdown-bad-address",
      severity: "error",
      message: `${name}: "${text}" is not ${what}`,
      at,
    });
    return undefined;
  }
  // An explicit netmask wins over the prefix, as in ifupdown.
  const mask = netmask?.value ?? slash;
  if (mask === undefined) return guessPrefix(name, address, family, at, diagnostics);
  const bits = family === "inet" ? maskBits(mask) : /^\d{1,3}$/.test(mask) ? Number(mask) : undefined;
  const cidr = `${family === "inet6" ? address.toLowerCase() : address}/${bits}`;
  if (bits !== undefined && isCidr(cidr, family)) return cidr;
  const place = netmask === undefined ? at : spanOfVariable(netmask);
  const message = `${name}: "${mask}" is not a netmask`;
  const hint = "Write the prefix length behind the address, e.g. address 192.168.1.105/24.";
  diagnostics.push({ code: "ifupdown-bad-netmask", severity: "error", message, hint, at: place });
  return undefined;
}

function guessPrefix(name: string, address: string, family: Family, at: Span, diagnostics: Diagnostic[]): string {
  const bits = family === "inet" ? classBits(address) : 128;
  const message = `${name}: no netmask for ${address}; ${family === "inet" ? `ifup guesses /${bits} from its first byte` : "only the address itself will be on the link"}`;
  const hint = `Write address ${address}/${family === "inet" ? bits : 64} if that is what you mean.`;
  diagnostics.push({ code: "ifupdown-netmask-missing", severity: "warning", message, hint, at });
  return `${family === "inet6" ? address.toLowerCase() : address}/${bits}`;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Reads gateway and metric of a static stanza. false: not taken (not an address, or a second one). */
export function readGateway(
  stanza: ResolvedStanza,
  variable: Variable,
  drafts: { inet: IpDraft; inet6: IpDraft },
): boolean {
  const family = familyOf(stanza, variable.value);
  const draft = drafts[family];
  if (draft.gateway !== undefined || !(family === "inet" ? isIpv4(variable.value) : isIpv6(variable.value)))
    return false;
  draft.gateway = variable.value;
  draft.places.set("gateway", spanOfVariable(variable));
  return true;
}

/** Reads accept_ra where the method has such an option. false: not taken (2 is for hosts that forward, and kept as it is). */
export function readAcceptRa(draft: IpDraft, { family, method }: ResolvedStanza, variable: Variable): boolean {
  const isRead = family === "inet6" && /^(static|auto|dhcp)$/.test(method ?? "") && /^[01]$/.test(variable.value);
  if (!isRead || draft.acceptRa !== undefined) return false;
  draft.acceptRa = variable.value === "1";
  draft.places.set("acceptRa", spanOfVariable(variable));
  return true;
}

/** Reads the metric of a family. false: not a whole number, or a second one. */
export function readMetric(draft: IpDraft, variable: Variable): boolean {
  if (draft.metric !== undefined || !/^(0|[1-9]\d{0,9})$/.test(variable.value)) return false;
  draft.metric = Number(variable.value);
  draft.places.set("metric", spanOfVariable(variable));
  return true;
}
