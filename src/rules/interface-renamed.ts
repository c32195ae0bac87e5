import { aboutBonds, interfaceNamed, portPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** ethN is given in the order in which drivers find their devices. Advice: on many hosts that order never changes. */
export const interfaceRenamed: Rule = {
  name: "interface-renamed",
  severity: "advice",
  about: "Ports have names that do not depend on the order in which the kernel finds them",
  source: [sources.ifenslaveReadme, "systemd.link(5)"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const numbered = bond.ports.filter(
        (port) => /^eth\d+$/.test(port) && interfaceNamed(subject.config, port)?.match === undefined,
      );
      const first = numbered[0];
      if (numbered.length < 2 || first === undefined) return undefined;
      return {
        message: `${listed(numbered)} are named in the order in which the kernel finds them: after an upgrade or with a new card they can change places, or one can be missing from ${bond.name}`,
        hint: `${subject.dialect === "holdfast" ? "Recognise the ports by match: {mac: …}, or pin" : "Pin"} the names with a .link file on PermanentMACAddress= (such as lan0, lte0); on-board ports of a Raspberry Pi keep theirs.`,
        at: portPlace(subject, bond, first),
      };
    }),
};
