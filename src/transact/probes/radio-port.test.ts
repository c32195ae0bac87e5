import { expect, test } from "vitest";
import type { Host, RadioLink } from "../../host/ports.ts";
import type { LinkState } from "../../wire/link.ts";
import { judgeRadio } from "./radio-port.ts";

const joined = { interface: { ssid: "Home" }, station: { bssid: "02:00:00:00:01:06" } } as unknown as RadioLink;
const refused = {
  interface: { ssid: "Home" },
  station: { bssid: "02:00:00:00:01:06", isAuthorized: false },
} as unknown as RadioLink;
const unlisted = { interface: { ssid: "" }, station: undefined } as unknown as RadioLink;

const port = { index: 4, name: "wlan0", hasCarrier: true } as unknown as LinkState;
const bond = (failOverMac: number) => ({ index: 5, name: "bond0", bond: { failOverMac } }) as unknown as LinkState;
const radios = (link: RadioLink | undefined) => ({ read: async () => link }) as unknown as Host["radios"];

test("a standby radio that has joined with its bond's address works, and one whose key isn't accepted doesn't", async () => {
  const [none, follow] = [bond(0), bond(2)];
  expect(await judgeRadio(radios(joined), none, port)).toEqual({
    passed: true,
    detail: "has joined Home by 02:00:00:00:01:06; not asked, as it bears the bond's address",
  });
  expect(await judgeRadio(radios(joined), follow, port)).toMatchObject({ passed: true });
  expect(await judgeRadio(radios(refused), none, port)).toMatchObject({ passed: false });
  expect(await judgeRadio(radios(unlisted), none, port)).toMatchObject({ passed: true });
});

test("with an address of its own it is asked like a cable, and so is what is no radio", async () => {
  expect(await judgeRadio(radios(joined), bond(1), port)).toBeUndefined();
  expect(await judgeRadio(radios(undefined), bond(0), port)).toBeUndefined();
});
