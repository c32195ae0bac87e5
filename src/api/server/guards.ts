import { timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

/** Sent with every answer. Deliberately absent: Strict-Transport-Security, with which a browser would refuse a host's own certificate for
 *  good once it had been renewed by another authority. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};

/** By which names and in which way the server may be asked. */
export interface Addressed {
  /** Lower case: the host's own names and those of the configuration. */
  readonly names: readonly string[];
  readonly port: number;
  readonly scheme: "http" | "https";
  /** A proxy on this host says by which scheme and port it is asked. */
  readonly proxied: boolean;
}

/** Whether a browser meant this server by its Host. A page of somebody else's, whose name was made to point here (DNS rebinding), did not:
 *  its Host is that name. An address can't be made to point elsewhere. */
export function isMeant(host: string | undefined, { names, port, proxied }: Addressed): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(host ?? "");
  const [, name = "", saidPort] = match ?? [];
  if (match === null || (!proxied && saidPort !== undefined && Number(saidPort) !== port)) return false;
  const plain = name
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  return isIP(plain) !== 0 || names.includes(plain);
}

/** Whether a page of another origin had the question asked. Those who aren't browsers say nothing of it, and need the token all the same. */
export function isForeign(headers: IncomingHttpHeaders, { scheme, proxied }: Addressed): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const { origin, host } = headers;
  if (origin === undefined) return false;
  const asked = (host ?? "").toLowerCase();
  const own = [`${scheme}://${asked}`, ...(proxied ? [`https://${asked}`] : [])];
  return !own.includes(origin.toLowerCase());
}

/** Compared without telling by time how much of it is right. */
export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The value of a cookie; undefined: it wasn't sent. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** Who asks: the peer, or whom the proxy names as last, having added it itself. */
export function askerOf(peer: string | undefined, forwarded: string | undefined, proxied: boolean): string {
  const last = (forwarded ?? "").split(",").at(-1)?.trim() ?? "";
  return proxied && isIP(last) !== 0 ? last : (peer ?? "");
}
