import { aboutBonds, interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { isOnUsb } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { ifaceStanzas, optionsNamed } from "./about/stanzas.ts";
import type { Rule } from "./rule.ts";

/** When a USB adapter comes back after a reset, it is a new device that nobody puts into the bond. */
export const usbPortNotReEnslaved: Rule = {
  name: "usb-port-not-re-enslaved",
  severity: "warning",
  about: "A USB port joins the bond again when it reappears",
  source: [sources.ifenslave, sources.ifupdown, sources.bonding61],
  applies: ["ifupdown", "ifupdown2", "ifupdown-ng", "iproute2"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      bond.ports
        .filter((port) => isOnUsb(subject.config, port))
        .filter((port) => {
          const joins = ifaceStanzas(subject, port).some((stanza) => optionsNamed(stanza, "bond-master").length > 0);
          return !(joins && interfaceNamed(subject.config, port)?.start === "hotplug");
        })
        .map((port) => ({
          message: `${port} hangs on USB: after a reset or a loose plug it is a new device, and nothing puts it back into ${bond.name}`,
          hint: hints[subject.dialect]?.replaceAll("PORT", port).replaceAll("BOND", bond.name) ?? "",
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        })),
    ),
};

/* In ifupdown2 and ifupdown-ng a port joins only when the bond itself is brought up. */
const hints: Readonly<Record<string, string>> = {
  ifupdown: "Write allow-hotplug PORT instead of auto, and bond-master BOND in its stanza.",
  ifupdown2: "Let a udev rule for PORT start a unit of systemd that runs ifup BOND.",
  "ifupdown-ng": "Let a udev rule put PORT into BOND (ip link set PORT down, then ip link set PORT master BOND).",
  iproute2: "Let a udev rule run the commands that put PORT into BOND: a script at boot runs once.",
};
