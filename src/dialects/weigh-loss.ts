import { formatAddress, parseCidr } from "../model/address.ts";
import type { Config, Interface, IpSettings } from "../model/config.ts";
import { isWithin } from "../model/differences.ts";
import { type Mode, optionNamed } from "../model/options.ts";
import { effectiveIn } from "../model/validate-options.ts";
import { familyWithoutDefault, isOffered } from "./default-route-aside.ts";
import type { Loss } from "./dialect.ts";

/** A loss as grave as it is on this host; undefined where it comes to nothing. `back`: what the written files say; `inFull`: the
 *  configuration with what the target does by itself. */
export function weighed(config: Config, back: Config, inFull: Config, loss: Loss): Loss | undefined {
  if (isOfATreeThatIsOff(inFull, loss)) return undefined;
  if ([isOfAddressesAtAPort, isOfARouteNobodyOffers].some((is) => is(config, loss))) return undefined;
  if (isOfRoutesThatAreTaken(config, back, loss)) return undefined;
  const named = commandsNamed(config, modeWeighed(config, loss));
  return vlansWeighed(back, settingWeighed(config, metricWeighed(config, named)));
}

/** How a link's own addresses are made, which zone of a firewall its packets pass, which default route it takes. */
const ofAddresses =
  /ipv6[.-]|^IPV6|link-?local|zone$|defroute|never-default|addr-gen|privacy|privext|may-fail|failure_fatal|accept_ra|^autoconf$/i;

/** What is in a bond or a bridge has no addresses of its own, and no packet of the host's passes it by that name. Source: the kernel's
 *  addrconf_notify() and rx_handler */
function isOfAddressesAtAPort(config: Config, { about, message }: Loss): boolean {
  const { name, key } = settingOf(about, message);
  if (name === undefined || key === undefined || !ofAddresses.test(key)) return false;
  return (
    config.bonds.some(({ ports }) => ports.includes(name)) ||
    config.interfaces.some(({ bridge }) => bridge?.ports.includes(name))
  );
}

const ofATree =
  /^(path-cost|port-priority|(bridge[-_])?(pathcost|portprio)|network\/Bridge\.(Cost|Priority)|bridge-port\.(path-cost|priority))$/;

/** What a port costs counts where the bridge runs a spanning tree; left to itself it runs none, under NetworkManager it does. */
function isOfATreeThatIsOff(config: Config, { about, message }: Loss): boolean {
  const { name, key } = settingOf(about, message);
  if (name === undefined || key === undefined || !ofATree.test(key)) return false;
  return config.interfaces.some(
    (iface) =>
      iface.bridge !== undefined &&
      (iface.name === name || iface.bridge.ports.includes(name)) &&
      (iface.bridge.settings["stp_state"] ?? "0") === "0",
  );
}

/** Where nobody offers a default route there is none to leave aside. */
function isOfARouteNobodyOffers(config: Config, loss: Loss): boolean {
  const { iface, family } = routeLeftAside(config, loss);
  return iface !== undefined && family !== undefined && !isOffered(iface[family]);
}

/** Not even "all routes are left aside" can be said: that they are taken is another loss, and this one would say the opposite. */
function isOfRoutesThatAreTaken(config: Config, back: Config, loss: Loss): boolean {
  const { iface, family } = routeLeftAside(config, loss);
  if (iface === undefined || family === undefined || iface[family].dhcp?.useRoutes !== false) return false;
  return back.interfaces.find(({ name }) => name === iface.name)?.[family].dhcp?.useRoutes !== false;
}

/** The interface and the family whose offered default route was left aside by the setting that a loss names. */
function routeLeftAside({ interfaces }: Config, { about, message }: Loss): LeftAside {
  const { name, key } = settingOf(about, message);
  const iface = interfaces.find((one) => one.name === name);
  const extra = iface?.extra.find((one) => one.key === key);
  return { iface, family: extra === undefined ? undefined : familyWithoutDefault(extra) };
}

interface LeftAside {
  readonly iface: Interface | undefined;
  readonly family: "ipv4" | "ipv6" | undefined;
}

/** The setting of an interface that a loss names, and the interface. */
function settingOf(
  about: string,
  message: string,
): { readonly name?: string | undefined; readonly key?: string | undefined } {
  const [, name] = /^interface\/([^/]*)\/(?:extra|bridge\/[^/]*)$/.exec(about) ?? [];
  const [, key] = /: (?:the bridge's )?"([^"]+)" is left out: /.exec(message) ?? [];
  return { name, key };
}

/** Commands that are left out are named by their programs: what follows them may be secret. */
function commandsNamed({ interfaces }: Config, loss: Loss): Loss {
  const [, name] = /^interface\/([^/]*)\/hooks$/.exec(loss.about) ?? [];
  if (name === undefined || !/command(s are| is) left out: /.test(loss.message)) return loss;
  const hooks = interfaces.filter((one) => one.name === name).flatMap((one) => one.hooks);
  const words = hooks.map(
    ({ when, command }) => `${when} ${/^[\w./-]{1,60}(?=\s|$)/.exec(command.trim())?.[0] ?? "…"}`,
  );
  return { ...loss, message: `${loss.message} (${[...new Set(words)].join(", ")})` };
}

/** An option that the bond's mode makes nothing of was nothing before. */
function modeWeighed({ bonds }: Config, loss: Loss): Loss {
  const [, name, key = ""] = /^bond\/([^/]*)\/option\/([^/]*)$/.exec(loss.about) ?? [];
  const option = optionNamed(key);
  const bond = bonds.find((one) => one.name === name);
  if (option === undefined || bond === undefined) return loss;
  const mode = (bond.options.mode ?? "balance-rr") as Mode;
  if (effectiveIn(option, mode)) return loss;
  const { hint: _, ...rest } = loss;
  return {
    ...rest,
    severity: "advice",
    message: `${bond.name}: ${option} is left out: it does nothing in mode ${mode}`,
  };
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
  const { name, key } = settingOf(loss.about, loss.message);
  if (name === undefined || (key !== "wpa-bridge" && key !== "broadcast")) return loss;
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
