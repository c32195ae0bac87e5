import { expect, test } from "vitest";
import type { RadioLink, Radios } from "../host/ports.ts";
import type { LinkState } from "../wire/link.ts";
import type { RadioNews } from "../wire/nl80211.ts";
import { type BondView, nothingSeen } from "./bond-view.ts";
import { watchRadios } from "./watch-radios.ts";

/** Radios in memory: what they say is set from outside, and asking takes a turn of the event loop. */
function inMemory() {
  const links = new Map<number, RadioLink>();
  const asked: number[] = [];
  let onNews: (news: RadioNews) => void = () => {};
  const radios: Radios = {
    async read(index) {
      asked.push(index);
      const link = links.get(index);
      await Promise.resolve();
      return link;
    },
    watch(news) {
      onNews = news;
      return { drain: () => {}, stop: () => {} };
    },
    close: () => {},
  };
  return { radios, links, asked, news: (news: RadioNews) => onNews(news) };
}

const linkOf = (index: number, name: string): LinkState => ({
  index,
  name,
  isUp: true,
  hasCarrier: true,
  operState: "up",
  mac: "02:00:00:00:00:09",
  permanentMac: "",
  mtuBytes: 1500,
  master: 1,
  kind: "",
});

const view: BondView = {
  ...nothingSeen,
  ports: new Map([
    ["em1", linkOf(2, "em1")],
    ["wlan0", linkOf(3, "wlan0")],
  ]),
};

const joined: RadioLink = {
  interface: { index: 3, isStation: true, ssid: "Home", frequencyMhz: 2437 },
  station: {
    bssid: "02:00:00:00:00:01",
    isAuthorized: true,
    signalDbm: -50,
    sendsMbps: 72,
    hearsMbps: 72,
    beaconLosses: undefined,
  },
};

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

test("a wire is asked once and never again; a radio is followed, and what was asked before it left isn't believed", async () => {
  const { radios, links, asked, news } = inMemory();
  links.set(3, joined);
  const told: string[] = [];
  const watch = watchRadios(radios, (port, { joined: may, news: what }) => told.push(`${port} ${may} ${what}`));
  watch.follow(view);
  await settled();
  expect([asked, told, watch.of("em1")]).toEqual([[2, 3], ["wlan0 true "], undefined]);
  for (let change = 0; change < 100; change++) watch.follow(view);
  await settled();
  expect(asked).toEqual([2, 3]);
  // It is being read, as joined, when it is thrown out.
  news({ index: 3, what: "roamed", bssid: "02:00:00:00:00:01" });
  links.set(3, { ...joined, station: undefined });
  news({ index: 3, what: "disconnected", byAccessPoint: true, reason: 3 });
  expect(told).toEqual(["wlan0 true ", "wlan0 false left"]);
  await settled();
  // Its carrier is still there, as the kernel tells of that later.
  expect([told.length, watch.of("wlan0")?.joined]).toEqual([2, false]);
  watch.stop();
});
