import type { StatusDocument } from "../../report/status-input.ts";
import { type PortOrder, riskOf } from "../orders/port-order.ts";

/** What the last line is about. */
export type Mode =
  | { readonly at: "view" }
  | { readonly at: "choose"; readonly order: "pin" | "drain" }
  /** Done on a "y" and nothing else. */
  | { readonly at: "sure"; readonly deed: Deed; readonly why: string }
  | { readonly at: "page"; readonly page: "help" | "why" };

/** What a key wants done. */
export type Deed = Plain<"quit" | "interrupt" | "suspend" | "redraw"> | LastingDeed;

/** What takes its time. */
export type LastingDeed = Plain<"drill" | "why"> | { readonly do: "order"; readonly order: PortOrder };

type Plain<Name> = Name extends string ? { readonly do: Name } : never;

export interface Pressed {
  readonly mode: Mode;
  readonly deed?: Deed;
  /** Why the key does nothing. */
  readonly answer?: string;
}

const view: Mode = { at: "view" };
const nobody = "No agent answers, so nobody takes orders: systemctl start holdfast-agent";

/** What a key means now. It never waits and never acts: whoever calls does the deed. */
export function press(mode: Mode, key: string, status: StatusDocument): Pressed {
  const always = everywhere(key);
  if (always !== undefined) return { mode, deed: always };
  switch (mode.at) {
    case "view":
      return onView(key, status);
    case "choose":
      return onChoice(mode.order, key, status);
    case "sure":
      return key === "y" || key === "Y" ? { mode: view, deed: mode.deed } : { mode: view, answer: "Nothing was done." };
    case "page":
      return key === "q" ? { mode, deed: { do: "quit" } } : { mode: view };
  }
}

function everywhere(key: string): Deed | undefined {
  return key === "interrupt" || key === "suspend" || key === "redraw" ? { do: key } : undefined;
}

function onView(key: string, status: StatusDocument): Pressed {
  switch (key) {
    case "q":
      return { mode: view, deed: { do: "quit" } };
    case "?":
    case "h":
      return { mode: { at: "page", page: "help" } };
    case "w":
      return { mode: { at: "page", page: "why" }, deed: { do: "why" } };
    case "p":
      return status.source === "agent" ? { mode: { at: "choose", order: "pin" } } : { mode: view, answer: nobody };
    case "d":
      return status.source === "agent" ? { mode: { at: "choose", order: "drain" } } : { mode: view, answer: nobody };
    case "a":
      return status.source === "agent"
        ? { mode: view, deed: { do: "order", order: { order: "auto", ports: [] } } }
        : { mode: view, answer: nobody };
    case "D":
      return { mode: { at: "sure", deed: { do: "drill" }, why: drillWarning } };
    default:
      return { mode: view };
  }
}

const drillWarning =
  "A drill cuts every port of this host for seconds, one after the other, and puts each back. Begin?";

function onChoice(order: "pin" | "drain", key: string, status: StatusDocument): Pressed {
  const port = /^[1-9]$/.test(key) ? status.ports[Number(key) - 1] : undefined;
  if (port === undefined) return { mode: view };
  const deed: Deed = { do: "order", order: wanted(order, port.name, port.drained) };
  const risk = deed.order.order === "pin" ? riskOf(port.name, status) : "";
  if (risk === "") return { mode: view, deed };
  return { mode: { at: "sure", deed, why: `${risk}. Traffic may go nowhere. Pin it all the same?` } };
}

/** A port that is drained already is given back. */
function wanted(order: "pin" | "drain", port: string, isDrained: boolean): PortOrder {
  return order === "drain" && isDrained ? { order: "auto", ports: [port] } : { order, port };
}

/** What the last line says, and whether it asks. */
export function lastLine(
  mode: Mode,
  status: StatusDocument,
  columns: number,
): { readonly text: string; readonly asks: boolean } {
  switch (mode.at) {
    case "choose":
      return { text: choiceText(mode.order, status), asks: true };
    case "sure":
      return { text: `${mode.why} y/N`, asks: true };
    case "page":
      return { text: "any key: back · q quit", asks: false };
    case "view":
      return {
        text: columns < 72 ? "? help · q quit" : "p pin · d drain · a auto · D drill · w why · ? help · q quit",
        asks: false,
      };
  }
}

function choiceText(order: "pin" | "drain", { ports }: StatusDocument): string {
  const names = ports.slice(0, 9).map(({ name, drained }, at) => {
    const gives = order === "drain" && drained ? " (give it back)" : "";
    return `${at + 1} ${name}${gives}`;
  });
  const what = order === "pin" ? "Pin the traffic to which port?" : "Take the traffic off which port?";
  return `${what} ${names.join(" · ")} · Esc cancels`;
}

/** What the keys do, and what the marks mean. */
export const help: readonly string[] = [
  "p  pin: send the traffic through one port and keep it there",
  "d  drain: take the traffic off a port; on a drained one: give it back",
  "a  auto: Holdfast chooses again, every pin and drain is taken back",
  "D  drill: cut each port, measure, put back; asks first",
  "w  why: the latest trouble, what it cost, what to do",
  "q  quit; Ctrl-L draws anew",
  "",
  "● carries traffic  ○ could  ✗ can't",
  "Bars are round trips, the newest at the right; the highest is the longest shown. × nothing answered.",
  "Pin and drain end with the agent, or with a.",
];
