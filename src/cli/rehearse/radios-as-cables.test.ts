import { expect, test } from "vitest";
import { withoutSupplicant } from "./radios-as-cables.ts";

test("on a plain wire ifupdown2 starts no wpa_supplicant; all else stays", () => {
  const stanza = (line: string) => `auto wlan0\niface wlan0 inet manual\n${line}\tup logger wpa_supplicant is up\n`;
  const files = new Map([
    [
      "/etc/network/interfaces",
      stanza("\tpre-up wpa_supplicant -B -i $IFACE -c /etc/wpa_supplicant/wpa_supplicant-wlan0.conf\n"),
    ],
    ["/etc/wpa_supplicant/wpa_supplicant-wlan0.conf", "network={\n}\n"],
  ]);
  expect([...withoutSupplicant(files).values()]).toEqual([stanza(""), "network={\n}\n"]);
});
