import { join } from "node:path";
import type { RadioWish } from "../rehearse/run-rehearsal.ts";

/** One act of the demonstration: something to rehearse, and what it is to show. */
export interface Act {
  readonly id: string;
  readonly title: string;
  /** What a reader should know before the result, a sentence or two. */
  readonly intro: string;
  /** Relative to the installation. */
  readonly path: string;
  readonly topology?: string;
  readonly maxBonds: number;
  /** Whose objectives are promised: ours are judged, an article's file is only shown for what it is. */
  readonly promise: "shown" | "held";
  /** Only these; absent: the default set. */
  readonly scenarios?: readonly string[];
  /** How its Wi-Fi is rehearsed. Absent: as a plain wire, which is quicker. */
  readonly radios?: RadioWish;
  /** A machine of the LAN keeps an ssh session to the host through every fault. */
  readonly ssh?: true;
}

const articles = "examples/articles";
const twoRouters = "examples/vdsl-lte.yaml";
/** For files that are known to be broken a few faults tell everything. */
const telling = ["healthy", "cable-eth0", "cable-eth1"];

/** The second article, its two possible fates today, our answer to it, and the house of the first article. */
export const acts: readonly Act[] = [
  {
    id: "second-as-printed",
    title: "second article",
    intro: "Two Ethernet ports, a VDSL and an LTE router: /etc/network/interfaces word for word, on today's Debian.",
    path: join(articles, "second/etc/network/interfaces"),
    topology: twoRouters,
    maxBonds: 0,
    promise: "shown",
    scenarios: telling,
  },
  {
    id: "second-with-address",
    title: "with an address",
    intro:
      "The same with the address its author left out, and bond0 made by loading the module, as the article does it.",
    path: join(articles, "second-with-address/etc/network/interfaces"),
    topology: twoRouters,
    maxBonds: 1,
    promise: "shown",
    scenarios: telling,
  },
  {
    id: "vdsl-lte",
    title: "ours: two routers",
    intro: "Our answer: examples/vdsl-lte.yaml, rendered for ifupdown and brought up by the same ifup and ifenslave.",
    path: twoRouters,
    maxBonds: 0,
    promise: "held",
  },
  {
    id: "powerline-wifi",
    title: "ours: powerline",
    intro: "The first article's house: Ethernet over powerline, and Wi-Fi (here a plain second link) to take over.",
    path: "examples/powerline-wifi.yaml",
    maxBonds: 0,
    promise: "held",
  },
];

const brownout = ["healthy", "cable-em1", "power-mains", "powerline-plc-a-plc-b", "radio-wlan0"];
const house = "examples/powerline-wifi.yaml";

/** The first article over a real radio stack: its own file word for word, and our answer to it. */
export const wifiActs: readonly Act[] = [
  {
    id: "first-as-printed",
    title: "first article",
    intro:
      "Ethernet over powerline, and Wi-Fi under the same address: /etc/network/interfaces word for word, by radio. An ssh session is open all the while.",
    path: join(articles, "first/etc/network/interfaces"),
    topology: house,
    maxBonds: 0,
    promise: "held",
    scenarios: brownout,
    radios: "simulated",
    ssh: true,
  },
  {
    id: "powerline-wifi",
    title: "ours: powerline",
    intro: "Our answer to it, by radio too: each port keeps its own MAC address.",
    path: house,
    maxBonds: 0,
    promise: "held",
    scenarios: brownout,
    radios: "simulated",
    ssh: true,
  },
];
