import type { ScenarioResult } from "../../../src/measure/rehearsal.ts";

/** How a rule about Ethernet and Wi-Fi is proven: its page's own samples are brought up by radio, and this becomes of them. */
export interface RuleProof {
  readonly rule: string;
  readonly scenario: string;
  /** Whoever is needed beside the house: a Wi-Fi client of the host's own access point, or a second cable in the radio's place. */
  readonly beside?: "phone" | "cable";
  /** Debian packages that the sample takes for granted. */
  readonly packages?: readonly string[];
  /** The page shows two cables: here the second one is the radio. */
  readonly secondIsRadio?: true;
  /** ifup gives up on the bad sample, and says so. */
  readonly isRefused?: true;
  /** What the access point offers; absent: WPA2. */
  readonly security?: "wpa3-sae";
  /** The page shows states of a running host, or another language: what is done to a host that is well, for the bad one. */
  readonly state?: string;
  /** A line more in the bond's stanza makes the good one, for the same reason. */
  readonly cure?: string;
  /** What is looked at, and how it is under the bad and the good sample. */
  readonly seen: (result: ScenarioResult) => string;
  readonly bad: string;
  readonly good: string;
}

const verdict = ({ verdict }: ScenarioResult): string => verdict;
const activeAfter = ({ sights = [] }: ScenarioResult): string =>
  sights.find(({ when }) => when === "after")?.bond?.activePort ?? "";
const reached = ({ flows }: ScenarioResult): string => {
  const flow = flows.find((one) => one.flow === "lan" && one.direction === "toHost");
  return flow === undefined || flow.sent === 0 ? "no flow" : flow.lost === flow.sent ? "nothing" : "all";
};

/** Does the bond take the radio for a way while nothing gets through it? */
const countedOn = ({ events }: ScenarioResult): string => {
  const mended = events.find(({ what }) => what === "mend")?.atMs ?? 0;
  const ups = events.filter(({ atMs, text }) => atMs > 0 && atMs < mended && /slave wlan0.*definitely up/.test(text));
  return ups.length > 0 ? "counted on" : "not counted on";
};

const failsOver = { scenario: "cable-em1", seen: verdict, bad: "missed", good: "held" };
const comesBack = { scenario: "cable-em1", seen: activeAfter, bad: "wlan0", good: "em1" };

/** Rules that a rehearsal by radio can prove; the first few in every test run, all of them with HOLDFAST_LONG. */
export const ruleProofs: readonly RuleProof[] = [
  { rule: "fom-follow-with-wifi", ...failsOver },
  { rule: "wifi-port-never-associates", ...failsOver },
  {
    rule: "wifi-same-mac-hairpin",
    scenario: "healthy",
    beside: "phone",
    seen: reached,
    bad: "nothing",
    good: "all",
  },
  { rule: "wifi-breaks-bridged-guests", ...failsOver, beside: "cable", packages: ["bridge-utils"] },
  { rule: "primary-reselect-better-with-wifi", ...comesBack },
  { rule: "no-primary-no-failback", ...comesBack },
  { rule: "primary-not-set-where-it-counts", ...comesBack, secondIsRadio: true },
  { rule: "ifenslave-options-only-on-ports", ...failsOver, secondIsRadio: true },
  { rule: "mtu-limit-of-port", ...failsOver, isRefused: true },
  { rule: "wpa-line-ignored", ...failsOver, security: "wpa3-sae" },
  {
    rule: "port-mac-changed-later",
    ...failsOver,
    state: "ip link set wlan0 down; ip link set wlan0 address 9a:00:00:00:00:07; ip link set wlan0 up",
  },
  { rule: "rfkill-blocks-port", ...failsOver, state: "for one in /sys/class/rfkill/*/soft; do echo 1 >$one; done" },
  {
    rule: "two-supplicants",
    ...failsOver,
    state: "wpa_supplicant -B -i wlan0 -c /etc/wpa_supplicant/wpa_supplicant.conf -C /run/second",
  },
  {
    rule: "wifi-up-before-authenticated",
    scenario: "key-wlan0",
    seen: countedOn,
    bad: "counted on",
    good: "not counted on",
    cure: "bond-updelay 5000",
  },
  // Advice: what it advises against does nothing, and is as well left out.
  { rule: "stale-wifi-workarounds", scenario: "cable-em1", seen: verdict, bad: "held", good: "held" },
];
