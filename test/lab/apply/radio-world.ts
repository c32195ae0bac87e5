import type { Wire } from "../../../src/topology/lab-plan.ts";

/** A host whose bond has Ethernet and Wi-Fi under one MAC address, as both articles' kind of bond has. */

/** Of the router's own access point. */
export const radioKeys = { Home: "not the real key" };

export const radioWire: Wire = {
  id: "wlan0-router",
  a: { node: "host", dev: "wlan0", mac: "02:00:00:00:01:0b", bridged: false },
  b: { node: "router", dev: "ap0", mac: "02:00:00:00:01:0c", bridged: true },
  radio: { ssid: "Home", security: "wpa2-psk", channel: 6 },
};

/** Only another miimon is wanted than the host has. */
export const wantedRadio = `bond:
  primary: em1
  miimon: 50ms
  fail_over_mac: none
  ports:
    - em1
    - name: wlan0
      wifi: { ssid: Home, psk: { file: secrets/home.psk } }
  address: 192.168.1.105/24
  gateway: 192.168.1.254
`;

export const bondWithRadio = `auto lo
iface lo inet loopback

auto bond0
iface bond0 inet static
    address 192.168.1.105/24
    gateway 192.168.1.254
    bond-slaves em1 wlan0
    bond-mode active-backup
    bond-primary em1
    bond-fail-over-mac none
    bond-num-grat-arp 3
    bond-miimon 100

auto em1
allow-bond0 em1
iface em1 inet manual
    bond-master bond0
    bond-primary em1

auto wlan0
allow-bond0 wlan0
iface wlan0 inet manual
    wpa-ssid Home
    wpa-psk ${radioKeys.Home}
    bond-master bond0
`;
