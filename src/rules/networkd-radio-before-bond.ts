import type { FileSet } from "../diagnostic/diagnostic.ts";
import { supplicantInterface, supplicantPath, supplicantUnit } from "../dialects/wpa-supplicant.ts";
import { aboutBonds, interfacePlace, portPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import type { Rule } from "./rule.ts";

/** Under networkd the radio's supplicant is a unit beside it, and the two start at once. */
export const networkdRadioBeforeBond: Rule = {
  name: "networkd-radio-before-bond",
  severity: "warning",
  about: "A radio's wpa_supplicant waits until networkd has put the radio into its bond",
  source: [sources.wifi61, "the kernel's bond_enslave(): a link that is up is refused where its driver sets it up"],
  applies: ["networkd"],
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      bond.ports
        .filter((port) => isJoinedHere(subject.files, port) && !isWaiting(subject.files, port))
        .map((port) => ({
          message: `${supplicantUnit(port)} and networkd start at once: where the supplicant is first, ${port} is up before it is in ${bond.name}, and stays outside for good`,
          hint: `Write /etc/systemd/system/${supplicantUnit(port)}.d/10-after-bond.conf with [Service] ExecStartPre=-/usr/bin/timeout 30 /bin/sh -c 'until [ -e /sys/class/net/${port}/master ]; do sleep 0.1; done'.`,
          at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
        })),
    ),
};

/** Its file is what the unit wpa_supplicant@ reads; a radio without one is joined by somebody who isn't seen here. */
function isJoinedHere(files: FileSet, port: string): boolean {
  return [...files.keys()].some((path) => supplicantInterface(path) === port || path === supplicantPath(port));
}

/** A unit or drop-in of the radio's that looks for the bond, or for the port in it. After= alone doesn't: networkd says that it has started
 *  before it has made anything. */
function isWaiting(files: FileSet, port: string): boolean {
  const unit = `/systemd/system/${supplicantUnit(port)}`;
  const shared = "/systemd/system/wpa_supplicant@.service";
  return [...files].some(
    ([path, text]) =>
      (path.includes(unit) || path.includes(shared)) &&
      /^\s*(?:ExecStartPre|ExecCondition)=.*(?:master|networkd-wait-online|bonding|networkctl)/m.test(text),
  );
}
