import { declaredPorts, portOrLink } from "./about/host.ts";
import type { Finding, Rule } from "./rule.ts";

/** Somebody's `nmcli device disconnect` is remembered until somebody else says up. */
export const nmPortStaysOut: Rule = {
  name: "nm-port-stays-out",
  severity: "warning",
  about: "A port that NetworkManager manages comes back into its bond by itself",
  source: ["nmcli(1), device disconnect", "measured with NetworkManager 1.42.4"],
  applies: "any",
  check: (subject) =>
    declaredPorts(subject).flatMap(({ bond, port, link, host }): readonly Finding[] =>
      host.inCharge !== "networkmanager" || link?.master !== "" || !link.owners.includes("networkmanager")
        ? []
        : [
            {
              bond: bond.name,
              message: `${port} is there, NetworkManager manages it, and it is outside ${bond.name}: after nmcli device disconnect, or a replug of a port with autoconnect=no, it stays out`,
              hint: `Run nmcli connection up with the profile of ${port}, and give that profile autoconnect=yes.`,
              at: portOrLink(subject, bond.name, port),
            },
          ],
    ),
};
