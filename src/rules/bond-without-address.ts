import { aboutBonds, bondPlace, bridgesOver, interfaceNamed, interfacePlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** A bond nobody can talk to keeps nothing reachable. */
export const bondWithoutAddress: Rule = {
  name: "bond-without-address",
  severity: "warning",
  about: "A bond, or something on it, has an address",
  source: [sources.ifupdown],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const { config } = subject;
      const own = interfaceNamed(config, bond.name);
      const isBare = (["ipv4", "ipv6"] as const).every((family) => {
        const settings = own?.[family];
        if (settings === undefined) return true;
        return (settings.method === "none" || settings.method === "manual") && settings.addresses.length === 0;
      });
      const isUsed =
        bridgesOver(config, bond.name).length > 0 ||
        config.interfaces.some((one) => one.vlan?.parent === bond.name) ||
        // An address may come from a command, or from a tool this source only names.
        (own?.hooks.length ?? 0) > 0 ||
        config.interfaces.some(
          (one) => one.name !== bond.name && one.extra.some(({ value }) => value.split(/\s+/).includes(bond.name)),
        );
      if (!isBare || isUsed) return undefined;
      const isAdvertised = own?.ipv6.acceptRa === true;
      return {
        message: isAdvertised
          ? `${bond.name} has no address of its own, and no VLAN or bridge on it has one: only a router that advertises IPv6 could give it one`
          : `${bond.name} has no address, and no VLAN or bridge on it has one: nobody can reach the host through it`,
        hint:
          subject.dialect === "ifupdown"
            ? `Write iface ${bond.name} inet static with an address, or inet dhcp.`
            : `Give ${bond.name} an address, or say that it asks by DHCP.`,
        at: interfacePlace(subject, bond.name) ?? bondPlace(subject, bond),
        // "manual" was somebody's choice: something this source does not show may use the bond. nmstate keeps what it doesn't speak of.
        ...(isAdvertised ||
        (subject.dialect === "nmstate" && own?.ipv4.method !== "manual") ||
        (subject.dialect === "ifupdown" && own?.ipv4.method === "manual")
          ? { severity: "advice" as const }
          : {}),
      };
    }),
};
