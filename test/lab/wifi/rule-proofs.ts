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
];
