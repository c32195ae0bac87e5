import { listed } from "../../notify/words.ts";
import type { StatusDocument, StatusPort } from "../../report/status-input.ts";

/** What an operator wants of the ports. auto: no port pinned and none drained any more; of these ports alone where any are named. */
export type PortOrder =
  | { readonly order: "pin" | "drain"; readonly port: string }
  | { readonly order: "auto"; readonly ports: readonly string[] };

/** What is posted to the agent for it. */
export function postsOf(order: PortOrder, status: StatusDocument): readonly string[] {
  if (order.order !== "auto") return [post(order.order, order.port)];
  const isMeant = (name: string): boolean => order.ports.length === 0 || order.ports.includes(name);
  const drained = status.ports.filter((port) => port.drained).map(({ name }) => name);
  // A port that is none is posted too: the agent says which there are.
  const freed = order.ports.length === 0 ? drained : order.ports;
  const isPinned = status.order !== "auto" && isMeant(status.order.pinned);
  return [...freed.map((name) => post("undrain", name)), ...(isPinned || order.ports.length === 0 ? ["/auto"] : [])];
}

function post(kind: string, port: string): string {
  return `/${kind}?${new URLSearchParams({ port })}`;
}

/** Whether traffic goes as ordered. */
export function isSettled(order: PortOrder, { bond, ports }: StatusDocument): boolean {
  const active = bond?.active ?? "";
  if (order.order === "pin") return active === order.port;
  if (order.order === "auto") return true;
  return active !== order.port && ports.some(({ name, drained }) => name === order.port && drained);
}

/** Why the traffic would go nowhere if it were pinned there; "" nothing speaks against it. A port that isn't known is the agent's to
 *  refuse. */
export function riskOf(port: string, { ports }: StatusDocument): string {
  const found = ports.find(({ name }) => name === port);
  if (found === undefined || found.usable) return "";
  return `${port} could carry no traffic now: ${found.note === "" ? "it isn't proven" : found.note}`;
}

/** What came of an order, in sentences for people. */
export function saidOf(order: PortOrder, status: StatusDocument): string {
  const active = status.bond?.active ?? "";
  if (order.order === "auto") return freedText(order.ports, status);
  const port = status.ports.find(({ name }) => name === order.port);
  return order.order === "pin" ? pinnedText(order.port, active, port) : drainedText(order.port, active);
}

function pinnedText(name: string, active: string, port: StatusPort | undefined): string {
  if (active !== name) {
    const why = port === undefined || port.note === "" ? "is not ready" : `is not ready (${port.note})`;
    const meanwhile = active === "" ? "No port carries traffic" : `${active} carries the traffic`;
    return `${name} is pinned, but ${why}. ${meanwhile} until it is.`;
  }
  const doubt =
    port?.usable === false ? ` Nothing may get through: ${port.note === "" ? "it isn't proven" : port.note}.` : "";
  return `${name} is pinned and carries the traffic, whatever its paths do, until holdfast auto.${doubt}`;
}

function drainedText(name: string, active: string): string {
  if (active === name) return `${name} is drained, but no other port works: it keeps the traffic until one does.`;
  const now = active === "" ? "no port carries traffic" : `${active} carries the traffic`;
  return `${name} is drained: ${now}, and ${name} only if nothing else works, until holdfast auto.`;
}

function freedText(ports: readonly string[], { bond, order, ports: all }: StatusDocument): string {
  const active = bond?.active ?? "";
  const kept = [
    ...(order === "auto" ? [] : [`${order.pinned} stays pinned`]),
    ...all.filter(({ drained }) => drained).map(({ name }) => `${name} stays drained`),
  ];
  const carries = active === "" ? "No port carries traffic" : `${active} carries the traffic`;
  const primary = bond?.primary ?? "";
  const isAway = order === "auto" && primary !== "" && active !== "" && active !== primary;
  const back = isAway ? `; it goes back to ${primary} once that has been calm for a while` : "";
  const what = ports.length === 0 ? "Holdfast chooses the port again." : `${listed(ports)} may be chosen again.`;
  return `${what} ${carries}${back}.${kept.length === 0 ? "" : ` ${listed(kept)}.`}`;
}
