import type { MqttSettings } from "../../model/notify.ts";

/** Where what is told stands on the broker, and what this host is called there. */
export interface Topics {
  /** "holdfast/nas" */
  readonly prefix: string;
  /** "online", or "offline" by last will. Kept. */
  readonly availability: string;
  /** How things stand, JSON. Kept. */
  readonly state: string;
  /** What happens, JSON, one event each. */
  readonly event: string;
  /** What became of an order, JSON. */
  readonly answer: string;
  /** Orders: a port's name or "auto"; any text. */
  readonly pin: string;
  readonly drill: string;
  /** What Home Assistant learns the device from; undefined: it is told nothing. Kept. */
  readonly discovery: string | undefined;
  /** What the prefix becomes where only letters, digits, _ and - may stand: "holdfast_nas". The client's name, and the device's. */
  readonly id: string;
}

/** The topics of a host, from what is declared. */
export function topicsOf({ prefix: said, discovery = "homeassistant" }: MqttSettings, host: string): Topics {
  const prefix = said ?? `holdfast/${host.replaceAll(/[^A-Za-z0-9_.-]/g, "-")}`;
  const id = prefix.replaceAll(/[^A-Za-z0-9_-]/g, "_");
  return {
    prefix,
    availability: `${prefix}/availability`,
    state: `${prefix}/state`,
    event: `${prefix}/event`,
    answer: `${prefix}/answer`,
    pin: `${prefix}/command/pin`,
    drill: `${prefix}/command/drill`,
    discovery: discovery === "none" ? undefined : `${discovery}/device/${id}/config`,
    id,
  };
}
