import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Rule } from "./rule.ts";

/** ifup refuses a static stanza without an address before anything is set up. */
export const staticWithoutAddress: Rule = {
  name: "static-without-address",
  severity: "error",
  about: "A static stanza says its address",
  source: [sources.ifupdown],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "missing-address").map((fact) => {
      const isBond =
        factsOf(subject, "no-bond").some((one) => one.bond === fact.iface) ||
        subject.config.bonds.some((bond) => bond.name === fact.iface);
      const example = fact.family === "inet6" ? "address 2001:db8::105/64" : "address 192.168.1.105/24";
      return {
        message: `${fact.iface} is static and has no address: ifup gives it up at once ("missing required variable: address")${isBond ? `, and with it everything the stanza says of ${fact.iface} as a bond` : ""}`,
        hint: `Add the address and the gateway, such as "${example}", or write iface ${fact.iface} ${fact.family} dhcp.`,
        at: fact.at,
      };
    }),
};
