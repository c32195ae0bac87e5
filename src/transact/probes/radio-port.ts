import type { Host, RadioLink } from "../../host/ports.ts";
import type { ProbeResult } from "../../plan/protocol.ts";
import type { LinkState } from "../../wire/link.ts";

/** fail_over_mac: every port keeps its own address. */
const OWN_ADDRESS = 1;

/** What speaks for a standby radio that has its bond's MAC address: a question in another's name would not pass its access point, and one in
 *  the bond's would have the switches send there what is meant for the active port. undefined: it is no radio, or can be asked.
 *  Source: docs/decisions/0025. */
export async function judgeRadio(
  radios: Host["radios"],
  bond: LinkState,
  port: LinkState,
): Promise<Pick<ProbeResult, "passed" | "detail"> | undefined> {
  if (bond.bond?.failOverMac === OWN_ADDRESS) return undefined;
  const link = await radios.read(port.index);
  return link === undefined ? undefined : judgeAssociation(link);
}

/** Whether a radio with carrier may send. */
export function judgeAssociation({ interface: { ssid }, station }: RadioLink): Pick<ProbeResult, "passed" | "detail"> {
  const network = ssid === "" ? "its network" : ssid;
  // Some drivers list no access point; a carrier is their word for one.
  if (station === undefined) return { passed: true, detail: "carrier; its driver doesn't say what it has joined" };
  if (station.isAuthorized === false)
    return { passed: false, detail: `associated with ${station.bssid} of ${network}, which has not accepted its key` };
  return {
    passed: true,
    detail: `has joined ${network} by ${station.bssid}; not asked, as it bears the bond's address`,
  };
}
