import type { Config } from "../model/config.ts";
import { hasOwnPolicy } from "../model/defaults.ts";

/** What has to be said of a bond with a radio that gets another fail_over_mac without anybody having asked: that it does, why, what it
 *  costs, and how it stays as it is. `before`: what the host's files meant. */
export function sayWhoseMac(declared: Config, before: Config): readonly string[] {
  return declared.bonds.flatMap((bond) => {
    const was = before.bonds.find(({ name }) => name === bond.name);
    if (was === undefined || !hasOwnPolicy(declared, bond)) return [];
    const policy = was.options.fail_over_mac ?? "none";
    if (policy === "active") return [];
    const radios = declared.interfaces.filter(({ name, wifi }) => wifi !== undefined && bond.ports.includes(name));
    const names = radios.map(({ name }) => name).join(" and ");
    return [
      `${bond.name}: fail_over_mac ${policy} → active, since ${names} is a radio and holdfast.yaml says nothing of it. Each port then keeps its own MAC address: Wi-Fi clients of the same access point reach the host while Ethernet is active, and the standby radio can be proven without harm.`,
      `What that costs: after a failover the LAN knows the host by the other port's MAC address (reserve a DHCP address for both, tell filters and Wake-on-LAN both), and the kernel takes it only while no port is in, so the bond is made anew. To leave it as it is, write fail_over_mac: ${policy} below bond.`,
    ];
  });
}
