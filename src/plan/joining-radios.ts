import type { Config } from "../model/config.ts";

/** Radios that have a network of their own already and become a bond's ports. Their supplicants begin anew: what is said of a port's radio
 *  (it doesn't sleep) counts from then on, and on the way back one may wait for a bond that is gone. */
export function joiningRadios(before: Config, after: Config): readonly string[] {
  const had = radiosOf(before);
  const [was, is] = [portsOf(before), portsOf(after)];
  return [...radiosOf(after)].filter((name) => had.has(name) && is.has(name) && !was.has(name));
}

/** The interfaces that join a radio network. */
export function radiosOf({ interfaces }: Config): ReadonlySet<string> {
  return new Set(interfaces.filter(({ wifi }) => wifi !== undefined).map(({ name }) => name));
}

function portsOf({ bonds }: Config): ReadonlySet<string> {
  return new Set(bonds.flatMap(({ ports }) => ports));
}
