import type { Span } from "../diagnostic/diagnostic.ts";
import { whereIs } from "../diagnostic/origins.ts";
import type { Bond } from "../model/bond.ts";
import type { Device } from "../model/config.ts";
import { aboutBonds, bondPlace } from "./about/bonds.ts";
import { aboutRunningBonds, inSysfs } from "./about/host.ts";
import { deviceNamed, pathOfPort } from "./about/paths.ts";
import { sources } from "./about/sources.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** Two links are one if a single box or a single power cut takes both. */
export const sharedFailureDomain: Rule = {
  name: "shared-failure-domain",
  severity: "advice",
  about: "No single device and no power cut takes every port's path",
  source: ["a reader's comment under the second article (VDSL and LTE)", sources.bondingRst],
  applies: "any",
  check: (subject) => [
    ...aboutBonds(subject, (bond) => {
      const paths = bond.ports.map((port) => pathOfPort(subject.config, port));
      if (paths.length < 2 || paths.some((path) => path.length === 0)) return [];
      return [...sharedDevices(subject, bond, paths), ...sharedPower(subject, bond, paths)];
    }),
    ...aboutRunningBonds(subject, ({ bond, ports }) => {
      const shared = ports.length < 2 ? undefined : sharedSlot(ports.map(({ device }) => device));
      if (shared === undefined) return undefined;
      const names = ports.map(({ name }) => name);
      return {
        message: `${listed(names)} hang on one ${shared.what} (${shared.name}): when it fails or is pulled out, ${bond.name} has no port left`,
        hint: `Plug one of them in elsewhere${shared.what === "USB hub" ? ", not behind the same hub" : ""}.`,
        at: inSysfs(bond.name),
      };
    }),
  ],
};

/* usb1 is a controller's own hub, 1-1 what is plugged into its port 1, 1-1.4 what hangs on the fourth port of that. */
const usbPlace = /^\d+-\d+(?:\.\d+)*$/;
const pciFunction = /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/;

/** The hub that all devices are plugged into, or the one card that has all of them; the controllers of a main board are shared by
 *  everything and say nothing. */
function sharedSlot(
  devices: readonly string[],
): { readonly what: "USB hub" | "card"; readonly name: string } | undefined {
  if (devices.some((device) => device === "")) return undefined;
  const paths = devices.map((device) => device.split("/"));
  const [first = [], ...rest] = paths;
  const hub = first.slice(0, -1).findLast((part) => usbPlace.test(part) && rest.every((path) => path.includes(part)));
  const isBehind =
    hub !== undefined && paths.every((path) => path.slice(path.indexOf(hub) + 1).some((one) => usbPlace.test(one)));
  if (isBehind) return { what: "USB hub", name: hub };
  const slots = paths.map((path) => path.findLast((part) => pciFunction.test(part))?.replace(/\.\d$/, ""));
  const [slot] = slots;
  // On-board chips of one vendor are functions of slot 00 too, and die with the board anyway.
  const isOneCard =
    slot !== undefined &&
    !/:00:/.test(slot) &&
    slots.every((one) => one === slot) &&
    !paths.flat().some((part) => usbPlace.test(part));
  return isOneCard ? { what: "card", name: slot } : undefined;
}

/** Where all paths end, mostly the one router of a home, is left out: everybody knows it, and no second port cures it. */
function sharedDevices(subject: Subject, bond: Bond, paths: readonly (readonly Device[])[]): readonly Finding[] {
  const [first = [], ...rest] = paths;
  const shared = first.filter(
    (device) =>
      device !== first.at(-1) &&
      device.kind !== "router" &&
      rest.every((path) => path.some((one) => one.name === device.name)),
  );
  return shared.map((device) => ({
    message: `every port of ${bond.name} leads through ${deviceNamed(device)}: when it fails, ${listed(bond.ports)} fail together`,
    hint: `Lead one port around ${device.name}.`,
    at: place(subject, bond, `device/${device.name}`),
  }));
}

function sharedPower(subject: Subject, bond: Bond, paths: readonly (readonly Device[])[]): readonly Finding[] {
  const domains = subject.config.topology?.power ?? [];
  const isCarried = (name: string) =>
    name === "host" || name === "ups" || domains.some((one) => one.name === name && one.kind === "ups");
  const struck = (path: readonly Device[], domain: string) => path.find((device) => device.power === domain);
  const named = new Set(paths.flat().flatMap((device) => (device.power === undefined ? [] : [device.power])));
  return [...named].flatMap((domain): readonly Finding[] => {
    const victims = paths.map((path) => struck(path, domain));
    if (isCarried(domain) || victims.some((victim) => victim === undefined)) return [];
    const names = [...new Set(victims.flatMap((victim) => (victim === undefined ? [] : [victim.name])))];
    return [
      {
        message: `one power cut takes every path of ${bond.name}: ${listed(names)} hang${names.length === 1 ? "s" : ""} on ${domain}`,
        hint: "Put the devices of at least one path on a UPS.",
        at: place(subject, bond, `device/${names[0]}/power`),
      },
    ];
  });
}

function place(subject: Subject, bond: Bond, key: string): Span | undefined {
  return whereIs(subject.origins, key) ?? bondPlace(subject, bond);
}
