import { radioUnit } from "../dialects/netplan/files.ts";
import { waitForBond } from "../dialects/stay-awake.ts";
import { supplicantInterface, supplicantPath, supplicantUnit } from "../dialects/wpa-supplicant.ts";
import { aboutBonds, interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { isMadeByNetworkd } from "./about/consumers.ts";
import { sources } from "./about/sources.ts";
import type { Rule, Subject } from "./rule.ts";

/** Under networkd, netplan's too, the radio's supplicant is a unit beside it, and the two start at once. */
export const networkdRadioBeforeBond: Rule = {
  name: "networkd-radio-before-bond",
  severity: "warning",
  about: "A radio's wpa_supplicant waits until networkd has put the radio into its bond",
  source: [
    sources.wifi61,
    "the kernel's bond_enslave(): a link that is up is refused where its driver sets it up",
    "systemd 252, networkd-setlink.c: a link is set down first only where networkd knows that it is up",
  ],
  applies: ["networkd", "netplan"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      bond.ports
        .filter((port) => isJoinedHere(subject, port) && !isWaiting(subject, port))
        .map((port) => ({
          message: `${unitOf(subject, port)} and networkd start at once: where the supplicant sets ${port} up in the moment in which networkd asks for it, ${port} stays outside of ${bond.name} for good`,
          hint: `Write /etc/systemd/system/${unitOf(subject, port)}.d/10-after-bond.conf with [Service] ${waitForBond(port)}.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        })),
    ),
};

/** The unit that joins a radio's network. */
function unitOf({ dialect }: Subject, port: string): string {
  return dialect === "netplan" ? radioUnit(port) : supplicantUnit(port);
}

/** Its file is what the unit wpa_supplicant@ reads; a radio without one is joined by somebody who isn't seen here. netplan has a unit for
 *  every radio of its own. */
function isJoinedHere(subject: Subject, port: string): boolean {
  if (subject.dialect === "netplan")
    return interfaceNamed(subject.config, port)?.wifi !== undefined && isMadeByNetworkd(subject, port);
  return [...subject.files.keys()].some((path) => supplicantInterface(path) === port || path === supplicantPath(port));
}

/** A unit or drop-in of the radio's that looks for the bond, or for the port in it. After= alone doesn't: networkd says that it has started
 *  before it has made anything. */
function isWaiting(subject: Subject, port: string): boolean {
  const unit = `/systemd/system/${unitOf(subject, port)}`;
  const shared = "/systemd/system/wpa_supplicant@.service";
  return [...subject.files].some(
    ([path, text]) =>
      (path.includes(unit) || path.includes(shared)) &&
      /^[ \t]*(?:ExecStartPre|ExecCondition)=.*(?:master|networkd-wait-online|bonding|networkctl)/m.test(text),
  );
}
