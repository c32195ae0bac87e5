import type { Bond } from "../../model/bond.ts";
import type { Config } from "../../model/config.ts";
import { interfaceNamed } from "./bonds.ts";
import { pathOfPort } from "./paths.ts";

/* wlan0 (kernel), wlp2s0 / wlx… / wlo1 (systemd), ath0 and wifi0 (old drivers). */
const radioName = /^(?:wlan|wl[opsx]|wifi|ath)[0-9a-f]/;

/** Whether an interface is a Wi-Fi radio: by what is declared of it, by its cable, else by its name. */
export function isRadio(config: Config, name: string): boolean {
  if (interfaceNamed(config, name)?.wifi !== undefined) return true;
  const cable = config.topology?.cables.find((one) => one.from === name || one.to === name);
  return cable === undefined ? radioName.test(name) : cable.medium === "radio" || radioName.test(name);
}

/** The Wi-Fi ports of a bond, in its order. */
export function radioPorts(config: Config, bond: Bond): readonly string[] {
  return bond.ports.filter((port) => isRadio(config, port));
}

/** The ports of a bond that are no radios, in its order. */
export function wiredPorts(config: Config, bond: Bond): readonly string[] {
  return bond.ports.filter((port) => !isRadio(config, port));
}

/* systemd's names: enx and wlx with the MAC address, …u1 in a path name for a USB port; usbN for tethering. */
const usbName = /^(?:enx|wlx)[0-9a-f]{12}$|^usb\d+$|^(?:en|wl)[ps]\S*u\d/;

/** Whether an interface hangs on USB: by its name, or by its cable. */
export function isOnUsb(config: Config, name: string): boolean {
  return usbName.test(name) || pathOfPort(config, name)[0]?.kind === "usb-hub";
}
