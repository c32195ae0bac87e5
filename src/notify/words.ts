import { visible } from "../diagnostic/visible.ts";
import type { Cause } from "../watch/effect.ts";

/** A duration as people say it: "34 ms", "2.5 s", "7 min", "3 h 20 min", "2 d 4 h". Takes ms. */
export function span(ms: number): string {
  if (ms < 1) return "less than 1 ms";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${trimmed(ms / 1_000)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

function trimmed(value: number): string {
  return value < 10 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));
}

/** Text from events on one line of at most so many characters: evidence can hold what came off the wire. */
export function oneLine(text: string, most: number): string {
  const safe = visible(text);
  return safe.length <= most ? safe : `${safe.slice(0, most - 1)}…`;
}

/** Words joined as in a sentence: "eth0", "eth0 and wlan0", "eth0, eth1 and wlan0". */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** "1 event", "3 events". */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** The first letter large, and a full stop. */
export function sentence(text: string): string {
  const first = /^[a-z]+\d/.test(text) ? text.slice(0, 1) : text.slice(0, 1).toUpperCase();
  return `${first}${text.slice(1)}${/[.…!?]$/.test(text) ? "" : "."}`;
}

/** Why traffic left a port, to follow "because". */
export function because(cause: Cause, port: string): string {
  switch (cause) {
    case "carrier-lost":
      return `${port} lost its carrier`;
    case "path-dead":
      return `nothing answers through ${port} although its carrier is up`;
    case "uplink-dead":
      return `the router behind ${port} answers, but nothing beyond it does`;
    case "lossy":
      return `${port} loses too much`;
    case "reselect":
      return "the preferred port works again";
    case "operator":
      return "the operator asked for it";
    case "drained":
      return `${port} is drained`;
    case "none-active":
      return "the bond had no active port";
  }
}

/** What to look at when a port was left; undefined where nobody need do anything. */
export function remedy(cause: Cause, port: string): string | undefined {
  switch (cause) {
    case "carrier-lost":
      // Names of radios begin like that wherever the kernel or systemd gave them.
      if (port.startsWith("wl"))
        return `Check the radio of ${port}: is its access point on, and the signal good enough?`;
      return `Check the cable of ${port}, and power and port of the device at its other end.`;
    case "path-dead":
      return `Check what stands between ${port} and its router: powerline adapters, switches, the router itself.`;
    case "uplink-dead":
      return `Check the router behind ${port} and its line to the provider.`;
    case "lossy":
      return `Check cable, adapter or radio of ${port}: packets get lost.`;
    case "none-active":
      return "Run holdfast status: the bond may have lost its ports.";
    default:
      return undefined;
  }
}
