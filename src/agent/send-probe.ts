import { BROADCAST } from "../wire/ethernet.ts";
import { remembered } from "./outstanding.ts";
import { echoFrame, routerQuestion, tagged } from "./probe-frames.ts";
import { isApart, isBeingProven, ownIp, ownIp6, type Probed, type Probing } from "./probed-port.ts";

/** Sends one probe. A port that isn't there, or a way that can't be probed without misleading somebody: nothing leaves, and it
 *  says so. */
export function sendProbe(probing: Probing, name: string, target: string, id: number): boolean {
  const port = probing.probed.get(name);
  if (port === undefined) return false;
  const isActive = probing.view?.active === name;
  const now = probing.host.time.now();
  const isNear = target === port.settings.router;
  if (!isNear && port.routerMac === undefined) port.held = [...port.held, { target, id }].slice(-MOST_HELD);
  const frame = isNear ? ask(probing, port, { target, isActive }) : echo(probing, port, target, id);
  if (frame === undefined) {
    if (!isNear && !isActive && isBeingProven(probing, port)) probing.events.onUnsent(name, target, id);
    return false;
  }
  port.outstanding = remembered(port.outstanding, { target, id, at: now, mac: port.mac });
  port.tap.send(frame);
  // What was heard until now was sent before this probe, and proves nothing about it.
  if (target === port.settings.router) port.gauge?.hasPassed();
  return true;
}

/** The first probes of a few targets. */
const MOST_HELD = 8;

/** The question to the router: to it alone while it answers, to everybody otherwise (it may be another box by now). */
function ask(
  probing: Probing,
  port: Probed,
  { target, isActive }: { readonly target: string; readonly isActive: boolean },
): Uint8Array {
  const unanswered = port.outstanding.some((one) => one.target === target && one.at > port.answeredAs);
  const to = port.routerMac !== undefined && !unanswered ? port.routerMac : BROADCAST;
  const own = isActive
    ? probing.addresses.find((address) => address.includes(":") === target.includes(":"))
    : undefined;
  const { mac, question: known } = port;
  const { vlan } = probing.settings;
  const isSame =
    known?.mac === mac && known.to === to && known.target === target && known.own === own && known.vlan === vlan;
  if (isSame) return known.frame;
  const frame = tagged(routerQuestion({ mac, to, target, own }), vlan);
  port.question = { mac, to, target, own, vlan, frame };
  return frame;
}

/** An echo beyond the router. Through a port that isn't active only where the router's answer will come back to it. */
function echo(probing: Probing, port: Probed, target: string, id: number): Uint8Array | undefined {
  const { name } = port.settings;
  if (port.routerMac === undefined) return undefined;
  if (probing.view?.active !== name && !isApart(probing, port)) return undefined;
  const isSix = target.includes(":");
  const from = isSix ? ownIp6(probing, name) : ownIp(probing, name);
  if (from === undefined) return undefined;
  const { marks, vlan } = probing.settings;
  return tagged(echoFrame({ mac: port.mac, to: port.routerMac, from, target, id, marks }), vlan);
}
