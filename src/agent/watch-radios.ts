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
  const take = (port: Watched, [known, told]: readonly [Association, Told | undefined]): void => {
    port.known = known;
    if (told !== undefined) tell(port.name, told);
  };
  const look = (port: Watched): void => {
    clearTimeout(port.timer);
    port.isStale = port.isAsked;
    if (port.isAsked) return;
    port.isAsked = true;
    void radios.read(port.index).then((link) => {
      port.isAsked = false;
      if (ports.get(port.name) !== port) return;
      // Something has happened since it was asked.
      if (port.isStale) look(port);
      else onLink(port, link);
    });
  };
  const onLink = (port: Watched, link: RadioLink | undefined): void => {
    if (link === undefined) {
      // A wire stays one; a radio that can't be read now may be read again.
      port.isNone = port.known === undefined;
    } else {
      const { known, carrier } = port;
      take(port, known === undefined ? firstLook(link, carrier) : looked(known, link, carrier));
    }
    if (!port.isNone) again(port);
  };
  const again = (port: Watched): void => {
    port.timer = setTimeout(() => look(port), port.known?.waiting === true ? WAITING_EVERY_MS : LOOK_EVERY_MS);
  };
  const onNews = (news: RadioNews): void => {
    const port = [...ports.values()].find(({ index }) => index === news.index);
    if (port?.known === undefined) return;
    if (news.what === "disconnected") take(port, disconnected(port.known, news));
    else if (news.what === "connected" && news.isOk) take(port, connected(port.known, news.bssid));
    look(port);
  };
  const watching = radios.watch(onNews, () => {
    for (const port of ports.values()) if (!port.isNone) look(port);
  });
  const forget = (name: string): void => {
    clearTimeout(ports.get(name)?.timer);
    ports.delete(name);
  };
  return {
    follow(view) {
      for (const [name, port] of ports) if (view.ports.get(name)?.index !== port.index) forget(name);
      for (const [name, link] of view.ports) {
        const carrier = hasCarrier(link);
        const known = ports.get(name);
        if (known === undefined) {
          const port = newWatched(name, link.index, carrier);
          ports.set(name, port);
          look(port);
        } else if (!known.isNone) {
          // Its operational state is how wpa_supplicant says that the key is proven: any change of the link may be that.
          known.carrier = carrier;
          if (known.known?.joined !== true || !carrier) look(known);
        }
      }
    },
    of: (port) => ports.get(port)?.known,
    drain: watching.drain,
    stop() {
      watching.stop();
      for (const name of [...ports.keys()]) forget(name);
    },
  };
}

function newWatched(name: string, index: number, carrier: boolean): Watched {
  return { name, index, carrier, isAsked: false, isStale: false, known: undefined, isNone: false, timer: undefined };
}
