import type { PowerDomain } from "../model/config.ts";
import type { Scenario } from "./lab-plan.ts";
import type { Point } from "./picture-layout.ts";
import { coordinate, escapeXml, fitText, textWidth } from "./svg.ts";

/** A red round ✕. */
export function crossMark(at: Point): string {
  const place = `translate(${coordinate(at.x)} ${coordinate(at.y)})`;
  return `<g transform="${place}"><circle class="mark" r="10"/><path class="cross" d="M-3.6-3.6 3.6 3.6M3.6-3.6-3.6 3.6"/></g>`;
}

/** What is written on a struck wire, where a bare ✕ would say too much: it still carries something. */
export function wireMark(fault: Scenario, at: Point): string {
  if (fault.kind === "loss") return textMark("30 %", at);
  if (fault.kind === "flap") return textMark("on/off", at);
  if (fault.kind === "one-way") return textMark(fault.id.startsWith("oneway-to-host") ? "✕ in" : "✕ out", at);
  return crossMark(at);
}

/** A red badge with a few letters. */
export function textMark(text: string, at: Point): string {
  const width = textWidth(text, 10.5) + 14;
  return (
    `<rect class="mark" x="${coordinate(at.x - width / 2)}" y="${coordinate(at.y - 10)}" width="${coordinate(width)}" height="20" rx="10"/>` +
    `<text class="marktext mid" x="${coordinate(at.x)}" y="${coordinate(at.y + 3.8)}">${escapeXml(text)}</text>`
  );
}

/** The badge of a power domain, its right end at a point; red where it is a single point of failure. */
export function powerPill(
  name: string,
  domains: readonly PowerDomain[],
  right: Point,
  singles: ReadonlySet<string>,
): string {
  const kind = name === "host" ? "host" : (domains.find((domain) => domain.name === name)?.kind ?? "other");
  const known = kind === "ups" && name === "ups" ? "UPS" : name;
  const text = kind === "host" ? "by host" : fitText(known, 58, 10);
  const tone = `${kind === "mains" || kind === "ups" ? ` ${kind}` : ""}${singles.has(name) ? " single" : ""}`;
  const width = textWidth(text, 10) + 24;
  const x = right.x - width;
  const glyph = kind === "ups" ? battery : bolt;
  return (
    `<rect class="pill${tone}" x="${coordinate(x)}" y="${coordinate(right.y - 8.5)}" width="${coordinate(width)}" height="17" rx="8.5"/>` +
    `<path class="glyph${tone}" transform="translate(${coordinate(x + 6)} ${coordinate(right.y - 5)})" d="${glyph}"/>` +
    `<text class="pilltext${tone}" x="${coordinate(x + 18)}" y="${coordinate(right.y + 3.6)}">${escapeXml(text)}</text>`
  );
}

const bolt = "M4.5 0 1 5.6h3L3.2 10 7 4H4z";
const battery = "M0 2.5h8v5H0zM9.6 4v2M2 4v2M4 4v2";

/** Three arcs that open in the direction of a line. */
export function radioArcs(at: Point & { readonly turn: number }, tone: string): string {
  const place = `translate(${coordinate(at.x)} ${coordinate(at.y)}) rotate(${coordinate(at.turn)})`;
  const arcs = "M-9-3.5a5 5 0 0 1 0 7M-4-7a9.5 9.5 0 0 1 0 14M1-10.5a14 14 0 0 1 0 21";
  return `<g transform="${place}"><path class="halo" d="M-14 0H10"/><path class="wire arcs${tone}" d="${arcs}"/></g>`;
}
