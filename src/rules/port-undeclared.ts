import { linkNamed } from "../model/host-state.ts";
import { bondPlace } from "./about/bonds.ts";
import { aboutRunningBonds, inSysfs } from "./about/host.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** What was put into a bond by hand is gone after the next boot. */
export const portUndeclared: Rule = {
  name: "port-undeclared",
  severity: "warning",
  about: "Every port that is in a bond is declared",
  source: ["/sys/class/net/NAME/bonding/slaves, as the bonding driver shows it"],
  applies: "any",
  check: (subject) =>
    aboutRunningBonds(subject, ({ host, bond, declared }) => {
      if (declared === undefined || subject.dialect === "running") return undefined;
      const declaredLinks = declared.ports.map((port) => linkNamed(host, port));
      const isByName = declared.ports.every((port, at) => {
        const match = subject.config.interfaces.find(({ name }) => name === port)?.match;
        return declaredLinks[at] !== undefined && match === undefined;
      });
      // Otherwise the one that is too many may be the one that isn't found.
      if (!isByName) return undefined;
      const names = new Set(declaredLinks.map((link) => link?.name));
      const more = bond.ports.filter((port) => !names.has(port));
      const [first] = more;
      if (first === undefined) return undefined;
      return {
        message: `${listed(more)} ${agreeing(more, "is", "are")} in ${bond.name} and no file says so: after the next boot ${agreeing(more, "it isn't", "they aren't")}`,
        hint: `Declare ${agreeing(more, "it", "them")} as ${agreeing(more, "a port", "ports")} of ${bond.name}, or take ${agreeing(more, "it", "them")} out.`,
        at: bondPlace(subject, declared) ?? inSysfs(first),
      };
    }),
};
