import { formatAddress, parseCidr } from "../model/address.ts";
import type { Config, IpSettings } from "../model/config.ts";
import { isWithin } from "../model/differences.ts";
import type { Loss } from "./dialect.ts";

/** A loss as grave as it is on this host. `back`: what the written files say. */
export function weighed(config: Config, back: Config, loss: Loss): Loss {
  return vlansWeighed(back, settingWeighed(config, metricWeighed(config, loss)));
}

/** A metric ranks default routes: where the files know one only, nothing of theirs depends on it. */
function metricWeighed(config: Config, loss: Loss): Loss {
  const [, family] = /^interface\/[^/]*\/(ipv[46])\/metric$/.exec(loss.about) ?? [];
  if (family === undefined || loss.severity === "error") return loss;
  const ways = config.interfaces.filter((iface) => leadsOut(family === "ipv4" ? iface.ipv4 : iface.ipv6));
  return ways.length > 1 ? loss : { ...loss, severity: "advice" };
}

/** A bridge that still filters VLANs, and was not told which, lets the first through and no other: who is reached by one is cut off. */
function vlansWeighed(back: Config, loss: Loss): Loss {
  if (!/"(bridge[-_])?vids"/.test(loss.message)) return loss;
  const filters = back.interfaces.some(
    ({ name, bridge }) => isWithin(loss.about, `interface/${name}`) && bridge?.settings["vlan_filtering"] === "1",
  );
  const hint =
    "Name the VLANs at the bridge and at each of its ports before you use the files, or leave its filtering off.";
  return filters ? { ...loss, severity: "error", hint } : loss;
}

function leadsOut({ gateway, method, routes = [], acceptRa }: IpSettings): boolean {
  const isLearnt = method === "dhcp" || method === "auto" || acceptRa === true;
  return gateway !== undefined || isLearnt || routes.some(({ to }) => to === "default");
}

/** A setting left out that comes to nothing where it stands: a bridge for wpa_supplicant at a port of a bond, and the broadcast
 *  address that is the usual one. */
function settingWeighed(config: Config, loss: Loss): Loss {
  const [, key] = /: "(wpa-bridge|broadcast)" is left out: /.exec(loss.message) ?? [];
  const [, name] = /^interface\/([^/]*)\/extra$/.exec(loss.about) ?? [];
  if (key === undefined || name === undefined) return loss;
  const isNothing =
    key === "wpa-bridge"
      ? config.bonds.some(({ ports }) => ports.includes(name))
      : config.interfaces.some((iface) => iface.name === name && hasUsualBroadcast(iface));
  return isNothing ? { ...loss, severity: "advice" } : loss;
}

function hasUsualBroadcast({ extra, ipv4 }: Config["interfaces"][number]): boolean {
  const usual = new Set(["+", ...ipv4.addresses.map(lastAddress)]);
  return extra.every(({ key, value }) => key !== "broadcast" || usual.has(value));
}

function lastAddress(text: string): string | undefined {
  const read = parseCidr(text);
  if (!read.ok || read.value.family !== 4) return undefined;
  const { bits, prefix } = read.value;
  return formatAddress({ family: 4, bits: bits | (2n ** BigInt(32 - prefix) - 1n) });
}
