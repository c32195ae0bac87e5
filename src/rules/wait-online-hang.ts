import { type HostLink, type HostState, linkNamed } from "../model/host-state.ts";
import { aboutBonds, interfaceNamed, interfacePlace, portPlace } from "./about/bonds.ts";
import { isMadeByNetworkd } from "./about/consumers.ts";
import { isOnUsb, isRadio } from "./about/radios.ts";
import type { Rule, Subject } from "./rule.ts";

/** systemd-networkd-wait-online waits for every link it manages, the unplugged stick too. */
export const waitOnlineHang: Rule = {
  name: "wait-online-hang",
  severity: "warning",
  about: "The boot does not wait for a port that may be missing",
  source: ["systemd.network(5), RequiredForOnline=", "systemd issues 22713 and 29506", "systemd pull request 27776"],
  applies: ["networkd", "netplan"],
  check: (subject) =>
    isWaitedFor(subject.host)
      ? aboutBonds(subject, (bond) =>
          bond.ports
            .filter((port) => mayBeMissing(subject, port) && isAwaited(subject, port))
            .map((port) => ({
              message: `the boot waits for ${port}${stateOf(subject, port)}, up to two minutes when it has no carrier (systemd before 254, 252.17 among them), and all that wants network-online.target with it`,
              hint:
                subject.dialect === "netplan"
                  ? `Say optional: true for ${port}.`
                  : `Write RequiredForOnline=no in [Link] of ${port}'s .network.`,
              at: interfacePlace(subject, port) ?? portPlace(subject, bond, port),
            })),
        )
      : [],
};

/** On a host it is seen whether anything waits: for every link, and with a systemd that still waits for ports without carrier. */
function isWaitedFor(host: HostState | undefined): boolean {
  if (host === undefined) return true;
  if ((host.systemd ?? 0) >= 254) return false;
  return (host.waits ?? []).some(
    ({ unit, command }) => unit === "systemd-networkd-wait-online.service" && !command.some(isContent),
  );
}

/** It waits for any one link, or for named ones. Source: systemd-networkd-wait-online.service(8). */
function isContent(word: string): boolean {
  return word === "--any" || /^(?:-i|--interface\b)/.test(word);
}

function mayBeMissing(subject: Subject, port: string): boolean {
  const link = seen(subject, port);
  if (isOnUsb(subject.config, port) || isRadio(subject.config, port)) return true;
  return link !== undefined && (link.isRadio || /\/usb\d+\//.test(link.device) || link.hasCarrier === false);
}

/** What networkd itself says of the link counts before what its files seem to say. */
function isAwaited(subject: Subject, port: string): boolean {
  const said = isMadeByNetworkd(subject, port) && interfaceNamed(subject.config, port)?.optional !== true;
  return seen(subject, port)?.isAwaited ?? said;
}

function stateOf(subject: Subject, port: string): string {
  return seen(subject, port)?.hasCarrier === false ? ", which has no carrier now" : "";
}

function seen({ host }: Subject, port: string): HostLink | undefined {
  return host === undefined ? undefined : linkNamed(host, port);
}
