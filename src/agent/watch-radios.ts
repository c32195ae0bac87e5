import type { RadioLink, Radios } from "../host/ports.ts";
import type { RadioNews } from "../wire/nl80211.ts";
import { type Association, connected, disconnected, firstLook, looked, type Told } from "./association.ts";
import { type BondView, hasCarrier } from "./bond-view.ts";

/** Follows what the radios among a bond's ports have joined. */
export interface RadioWatch {
  /** Ports came, went, or changed. */
  follow(view: BondView): void;
  /** How a port's radio is; undefined: it is none, or not looked at yet. */
  of(port: string): Association | undefined;
  drain(): void;
  stop(): void;
}

/** How well an access point is heard changes slowly, and asking may wake a firmware. */
const LOOK_EVERY_MS = 5_000;
/** While a key isn't proven: that it is now nobody need say. */
const WAITING_EVERY_MS = 200;

interface Watched {
  readonly name: string;
  readonly index: number;
  carrier: boolean;
  /** It is being looked at; and something has happened since, so that the answer is old. */
  isAsked: boolean;
  isStale: boolean;
  known: Association | undefined;
  isNone: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Begins to follow; `tell` gets what changes, port by port. */
export function watchRadios(radios: Radios, tell: (port: string, told: Told) => void): RadioWatch {
  const ports = new Map<string, Watched>();
  const watching: Following = { radios, tell, ports };
  const heard = radios.watch(
    (news) => onNews(watching, news),
    () => {
      for (const port of ports.values()) if (!port.isNone) look(watching, port);
    },
  );
  return {
    follow: (view) => followPorts(watching, view),
    of: (port) => ports.get(port)?.known,
    drain: heard.drain,
    stop() {
      heard.stop();
      for (const name of [...ports.keys()]) forget(watching, name);
    },
  };
}

interface Following {
  readonly radios: Radios;
  readonly tell: (port: string, told: Told) => void;
  readonly ports: Map<string, Watched>;
}

function followPorts(watching: Following, view: BondView): void {
  const { ports } = watching;
  for (const [name, port] of ports) if (view.ports.get(name)?.index !== port.index) forget(watching, name);
  for (const [name, link] of view.ports) {
    const carrier = hasCarrier(link);
    const known = ports.get(name);
    if (known === undefined) {
      const port = newWatched(name, link.index, carrier);
      ports.set(name, port);
      look(watching, port);
    } else if (!known.isNone) {
      // Its operational state is how wpa_supplicant says that the key is proven: any change of the link may be that.
      known.carrier = carrier;
      if (known.known?.joined !== true || !carrier) look(watching, known);
    }
  }
}

function look(watching: Following, port: Watched): void {
  clearTimeout(port.timer);
  port.isStale = port.isAsked;
  if (port.isAsked) return;
  port.isAsked = true;
  void watching.radios.read(port.index).then((link) => {
    port.isAsked = false;
    if (watching.ports.get(port.name) !== port) return;
    // Something has happened since it was asked.
    if (port.isStale) look(watching, port);
    else onLink(watching, port, link);
  });
}

function onLink(watching: Following, port: Watched, link: RadioLink | undefined): void {
  const { known, carrier } = port;
  // A wire stays one; a radio that can't be read now may be read again.
  if (link === undefined) port.isNone = known === undefined;
  else take(watching, port, known === undefined ? firstLook(link, carrier) : looked(known, link, carrier));
  if (port.isNone) return;
  const everyMs = port.known?.waiting === true ? WAITING_EVERY_MS : LOOK_EVERY_MS;
  port.timer = setTimeout(() => look(watching, port), everyMs);
}

function onNews(watching: Following, news: RadioNews): void {
  const port = [...watching.ports.values()].find(({ index }) => index === news.index);
  if (port?.known === undefined) return;
  if (news.what === "disconnected") take(watching, port, disconnected(port.known, news));
  else if (news.what === "connected" && news.isOk) take(watching, port, connected(port.known, news.bssid));
  look(watching, port);
}

function take({ tell }: Following, port: Watched, [known, told]: readonly [Association, Told | undefined]): void {
  port.known = known;
  if (told !== undefined) tell(port.name, told);
}

function forget({ ports }: Following, name: string): void {
  clearTimeout(ports.get(name)?.timer);
  ports.delete(name);
}

function newWatched(name: string, index: number, carrier: boolean): Watched {
  return { name, index, carrier, isAsked: false, isStale: false, known: undefined, isNone: false, timer: undefined };
}
