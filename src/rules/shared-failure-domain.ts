import type { Span } from "../diagnostic/diagnostic.ts";
import { whereIs } from "../diagnostic/origins.ts";
import type { Bond } from "../model/bond.ts";
import type { Device } from "../model/config.ts";
import { aboutBonds, bondPlace } from "./about/bonds.ts";
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
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const paths = bond.ports.map((port) => pathOfPort(subject.config, port));
      if (paths.length < 2 || paths.some((path) => path.length === 0)) return [];
      return [...sharedDevices(subject, bond, paths), ...sharedPower(subject, bond, paths)];
    }),
};

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
