import type { Gauge, Host } from "../host/ports.ts";
import type { Event } from "../watch/event.ts";
import { asked, type Hearing, heard, isDue, newHearing } from "../watch/hearing.ts";
import { isLinked } from "../watch/standing.ts";
import type { PortWatch, State } from "../watch/state.ts";
import { BROADCAST } from "../wire/ethernet.ts";
import { anyFrom } from "../wire/packet-filter.ts";
import { privateMac } from "../wire/probe-mac.ts";
import type { BondView } from "./bond-view.ts";
import { routerQuestion } from "./probe-frames.ts";
import type { Prober } from "./prober.ts";

/** Listens for the LAN through standby radios that can't be probed (src/watch/hearing.ts). */
export interface LanHearing {
  /** Looks whether anything was heard, and asks where that is due. To be called often. */
  look(now: { readonly state: State; readonly view: BondView; readonly at: number }): void;
  close(): void;
}

type Told = Extract<Event, { readonly type: "heard" | "hearing" }>;

/** A wire that works: questions to everybody leave through it, and their echo is listened for elsewhere. */
interface Way {
  readonly port: string;
  readonly router: string;
  /** What the questions bear: nobody's address, so that no switch learns anything of the host. */
  readonly mac: string;
  /** Whose frames show that the LAN is heard: those questions, and the router's own. */
  readonly macs: readonly string[];
}

interface Ear {
  readonly index: number;
  readonly macs: string;
  readonly gauge: Gauge;
  hearing: Hearing;
}

/** Nobody's address. Source: RFC 7600, 4.8. */
const NOBODY = "192.0.0.8";

/** Begins to listen; `tell` gets what the brain should know. */
export function hearLan(
  host: Host,
  prober: Pick<Prober, "routerMac" | "send">,
  tell: (event: Told) => void,
): LanHearing {
  const ears = new Map<string, Ear>();
  const forget = (port: string): void => {
    ears.get(port)?.gauge.close();
    ears.delete(port);
  };
  const earOn = (port: string, index: number, way: Way): Ear | undefined => {
    const known = ears.get(port);
    const macs = way.macs.join();
    if (known?.macs === macs) return known;
    const hearing = known?.hearing ?? newHearing;
    forget(port);
    const gauge = host.packets.openGauge(index, anyFrom(way.macs));
    if (!gauge.ok) return undefined;
    const ear = { index, macs, gauge: gauge.value, hearing };
    ears.set(port, ear);
    return ear;
  };
  return {
    look({ state, view, at }) {
      if (ears.size === 0 && !state.ports.some((port) => isBlind(state, port))) return;
      const way = workingWire(state, view, prober);
      let isAsking = false;
      for (const port of state.ports) {
        const index = view.ports.get(port.name)?.index;
        if (!isBlind(state, port) || index !== (ears.get(port.name)?.index ?? index)) forget(port.name);
        if (index === undefined || !isBlind(state, port)) continue;
        // While the active port is in doubt its own silence would be taken for the standby's.
        if (way === undefined || routerOf(state, port.name) !== way.router) ears.get(port.name)?.gauge.hasPassed();
        else isAsking = listen(port, earOn(port.name, index, way), at, tell) || isAsking;
      }
      if (!isAsking || way === undefined) return;
      prober.send(way.port, routerQuestion({ mac: way.mac, to: BROADCAST, target: NOBODY, own: undefined }));
    },
    close() {
      for (const port of [...ears.keys()]) forget(port);
    },
  };
}

/** A standby of which nothing is known but that it has joined. */
function isBlind(state: State, port: PortWatch): boolean {
  return port.probes === "while-active" && port.name !== state.active && isLinked(port);
}

function routerOf({ config }: State, port: string): string | undefined {
  return config.ports.find(({ name }) => name === port)?.router;
}

function workingWire(state: State, view: BondView, prober: Pick<Prober, "routerMac">): Way | undefined {
  const active = state.ports.find(({ name }) => name === state.active);
  const near = state.paths.find((path) => path.port === state.active && !path.far);
  const works = near?.health === "alive" && near.run.losses === 0 && state.outage === undefined;
  const router = prober.routerMac(state.active);
  const bond = view.bond?.mac ?? "";
  // Through a radio an access point lets nobody's address pass.
  if (active?.medium !== "wired" || near === undefined || !works || router === undefined) return undefined;
  const mac = privateMac(bond);
  return { port: active.name, router: near.target, mac, macs: [mac, router] };
}

/** Tells what was heard; returns whether a question is due. */
function listen(port: PortWatch, ear: Ear | undefined, at: number, tell: (event: Told) => void): boolean {
  if (ear === undefined) return false;
  if (ear.gauge.hasPassed()) {
    ear.hearing = heard(ear.hearing, at);
    tell({ type: "heard", at, port: port.name });
    if (port.unheard) tell({ type: "hearing", at, port: port.name, lost: false, evidence: "" });
  }
  if (!isDue(ear.hearing, at)) return false;
  ear.hearing = asked(ear.hearing, at);
  if (ear.hearing.verdict === "lost" && !port.unheard) {
    const evidence = `nothing for ${Math.round((at - ear.hearing.heardAt) / 1000)} s, though everybody was asked`;
    tell({ type: "hearing", at, port: port.name, lost: true, evidence });
  }
  return true;
}
