import { linkNamed } from "../model/host-state.ts";
import { aboutBonds, interfaceNamed, isActiveBackup, numberInForce, portPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { spelt } from "./about/spelling.ts";
import type { Rule, Subject } from "./rule.ts";

/* usbN: tethering and modems that play a router; wwanN, pppN: the line is behind the device; tunN, tapN: a program. */
const lineless = /^(?:usb|wwan|ppp|tun|tap)\d+$/;
const drivers = new Set(["rndis_host", "cdc_ether", "cdc_ncm", "cdc_mbim", "qmi_wwan", "ipheth", "tun"]);

/** The carrier of these devices is that of their plug: it says nothing of the line. */
export const carrierAlwaysOn: Rule = {
  name: "carrier-always-on",
  severity: "warning",
  about: "A port whose carrier is always on is watched by something else than the carrier",
  source: [sources.bondingRst, "Linux 6.1, drivers/net/usb"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (!isActiveBackup(bond) || numberInForce(bond, "miimon") === 0 || bond.ports.length < 2) return [];
      return bond.ports
        .filter((port) => isLineless(subject, port))
        .map((port) => ({
          message: `${port} has carrier as long as the stick or phone has power: with ${spelt(subject, "miimon")} alone ${bond.name} stays on it, or moves to it, when its line is dead`,
          hint: subject.dialect === "holdfast" ? "Run `holdfast agent`, which probes the path behind it." : elsewhere,
          at: portPlace(subject, bond, port),
          ...(subject.dialect === "holdfast" ? { severity: "advice" as const } : {}),
        }));
    }),
};

const elsewhere = "Probe through it with something that can move the active port, such as `holdfast agent`.";

function isLineless({ config, host }: Subject, port: string): boolean {
  const running = host === undefined ? undefined : linkNamed(host, port);
  const driver = running?.driver || (interfaceNamed(config, port)?.match?.driver ?? "");
  return lineless.test(port) || driver.split(/\s+/).some((one) => drivers.has(one));
}
