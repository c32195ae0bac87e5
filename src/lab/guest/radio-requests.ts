import { fromText, fromU32, macBytes } from "../../wire/bytes.ts";
import { encodeCommand } from "../../wire/generic-netlink.ts";
import { attribute } from "../../wire/netlink.ts";

/** What makes simulated radios and gives them interfaces. Sources: drivers/net/wireless/mac80211_hwsim.h, linux/nl80211.h (6.1). */

/** The families' names, by which the kernel is asked for their numbers. */
export const families = { hwsim: "MAC80211_HWSIM", nl80211: "nl80211" } as const;

const HWSIM = { NEW_RADIO: 4, ATTR: { RADIO_NAME: 17, NO_VIF: 18, PERM_ADDR: 22 } };
const NL80211 = {
  NEW_INTERFACE: 7,
  SET_WIPHY_NETNS: 49,
  RELOAD_REGDB: 126,
  ATTR: { WIPHY: 1, IFNAME: 4, IFTYPE: 5, NETNS_FD: 219 },
  IFTYPE: { station: 2, "access-point": 3 },
};

/** What an interface of a radio is for. */
export type RadioUse = keyof typeof NL80211.IFTYPE;

/** A radio without an interface, in the caller's namespace. All radios made from one namespace hear each other, wherever they are
 *  moved to afterwards. `name` is the radio's (phy…), not an interface's. Acknowledged with the radio's number, not with 0. */
export function encodeNewRadio(family: number, radio: { readonly name: string; readonly mac: string }): Uint8Array {
  const mac = macBytes(radio.mac);
  if (mac === undefined) throw new Error(`"${radio.mac}" is no MAC address`);
  return encodeCommand(family, HWSIM.NEW_RADIO, [
    attribute(HWSIM.ATTR.RADIO_NAME, fromText(radio.name)),
    attribute(HWSIM.ATTR.NO_VIF, new Uint8Array()),
    attribute(HWSIM.ATTR.PERM_ADDR, mac),
  ]);
}

/** An interface on a radio; it has the radio's own MAC address. */
export function encodeNewInterface(
  family: number,
  on: { readonly radio: number; readonly dev: string; readonly use: RadioUse },
): Uint8Array {
  return encodeCommand(family, NL80211.NEW_INTERFACE, [
    attribute(NL80211.ATTR.WIPHY, fromU32(on.radio)),
    attribute(NL80211.ATTR.IFNAME, fromText(on.dev)),
    attribute(NL80211.ATTR.IFTYPE, fromU32(NL80211.IFTYPE[on.use])),
  ]);
}

/** Moves a radio with its interfaces into another namespace. A radio can't be moved by one of its interfaces. */
export function encodeMoveRadio(family: number, radio: number, namespaceFd: number): Uint8Array {
  return encodeCommand(family, NL80211.SET_WIPHY_NETNS, [
    attribute(NL80211.ATTR.WIPHY, fromU32(radio)),
    attribute(NL80211.ATTR.NETNS_FD, fromU32(namespaceFd)),
  ]);
}

/** Has the kernel read its file of every country's rules for radios (regulatory.db) once more. */
export function encodeReloadRules(family: number): Uint8Array {
  return encodeCommand(family, NL80211.RELOAD_REGDB, []);
}
