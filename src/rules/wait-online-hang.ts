import { aboutBonds, interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { isMadeByNetworkd } from "./about/consumers.ts";
import { isOnUsb, isRadio } from "./about/radios.ts";
import type { Rule } from "./rule.ts";

/** systemd-networkd-wait-online waits for every link it manages, the unplugged stick too. */
export const waitOnlineHang: Rule = {
  name: "wait-online-hang",
  severity: "warning",
  about: "The boot does not wait for a port that may be missing",
  source: ["systemd.network(5), RequiredForOnline=", "systemd issues 22713 and 29506", "systemd pull request 27776"],
  applies: ["networkd", "netplan"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      bond.ports
        .filter((port) => isOnUsb(subject.config, port) || isRadio(subject.config, port))
        .filter((port) => isMadeByNetworkd(subject, port) && interfaceNamed(subject.config, port)?.optional !== true)
        .map((port) => ({
          message: `the boot waits for ${port}, up to two minutes when it has no carrier (systemd before 254, 252.17 among them), and all that wants network-online.target with it`,
          hint:
            subject.dialect === "netplan"
              ? `Say optional: true for ${port}.`
              : `Write RequiredForOnline=no in [Link] of ${port}'s .network.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        })),
    ),
};
