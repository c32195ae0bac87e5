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
  applies: ["ifupdown", "iproute2"],
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
          hint:
            subject.dialect === "ifupdown"
              ? `Write allow-hotplug ${port} instead of auto, and bond-master ${bond.name} in its stanza.`
              : `Let a udev rule run the commands that put ${port} into ${bond.name}: a script at boot runs once.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        })),
    ),
};
