import { linkNamed } from "../model/host-state.ts";
import { aboutBonds, portPlace } from "./about/bonds.ts";
import { isOnUsb, isRadio } from "./about/radios.ts";
import { listed } from "./about/words.ts";
import type { Rule, Subject } from "./rule.ts";

/** At boot ifupdown2 adds ports one after the other, and what fails ends the row. */
export const ifupdown2StopsAtMissingPort: Rule = {
  name: "ifupdown2-stops-at-missing-port",
  severity: "warning",
  about: "With ifupdown2, ports that may be missing at boot come last in bond-slaves",
  source: [
    "ifupdown2 3.0, addons/bond.py, _add_slaves(): no look whether a port is there with --perfmode",
    "ifupdown2 3.0, sbin/start-networking: --perfmode at boot",
  ],
  applies: ["ifupdown2"],
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const at = bond.ports.findIndex((port) => isMissing(subject, port));
      const port = bond.ports[at];
      const later = bond.ports.slice(at + 1).filter((other) => !isMissing(subject, other));
      if (port === undefined || later.length === 0) return undefined;
      const isGone = subject.host !== undefined;
      return {
        message: `${isGone ? `${port} isn't there` : `if ${port} isn't there yet at boot`}${isGone ? ": at boot" : ","} ifupdown2 stops at it ("No such device"), and ${listed(later)}, which ${later.length === 1 ? "comes" : "come"} after it, ${later.length === 1 ? "is" : "are"} not put into ${bond.name} either`,
        hint: isGone
          ? `Take ${port} out of bond-slaves, or correct its name.`
          : `Write ${port} last in bond-slaves; bond-primary says which port is preferred.`,
        at: portPlace(subject, bond, port),
      };
    }),
};

/** On a running host it is seen; without one, what can be pulled out or has firmware to load may be late. */
function isMissing({ host, config }: Subject, port: string): boolean {
  if (host !== undefined) return host.links.length > 0 && linkNamed(host, port) === undefined;
  return isOnUsb(config, port) || isRadio(config, port);
}
