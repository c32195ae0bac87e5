import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import { runLab } from "../../src/lab/boot.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { guestPackages } from "../../src/lab/packages.ts";
import { chooseRadioLinks } from "../../src/lab/radio-links.ts";
import { rehearse } from "../../src/lab/rehearse.ts";
import type { Config } from "../../src/model/config.ts";
import { pageOf, samplesOf } from "../../src/rules/testing/samples.ts";
import { allScenarios } from "../../src/topology/scenarios.ts";
import { withRadios } from "./wifi/by-radio.ts";
import { type RuleProof, ruleProofs } from "./wifi/rule-proofs.ts";

// What rules about Ethernet and Wi-Fi say, proven by what becomes of their own samples on the real radio stack.
const radioTools = ["hostapd", "iw", "wpasupplicant"];
/** What the lab puts in the place of a key that is kept in a file. */
const key = "not the real key, the lab's";
/** Each costs two labs: the first two in every run, all of them on request. */
const proofs = process.env["HOLDFAST_LONG"] === "1" ? ruleProofs : ruleProofs.slice(0, 2);

let engine: Engine;
withRadios(
  (found) => {
    engine = found;
  },
  async () => ({ config: houseOf({}), packages: [...guestPackages, ...radioTools] }),
);

function houseOf({ beside, security }: Pick<RuleProof, "beside" | "security">): Config {
  const second = beside === "cable" ? "em2" : "{name: wlan0, wifi: {ssid: Home, psk: {file: home.psk}}}";
  const offer = security === undefined ? "Home" : `{ssid: Home, security: ${security}}`;
  const text = `bond:
  primary: em1
  ports: [em1, ${second}]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
targets: [gateway]
topology:
  devices:
    plc-a: {kind: powerline}
    plc-b: {kind: powerline}
    router: {kind: router, address: 192.168.1.254/24, wifi: ${offer}}
${beside === "phone" ? "    phone: {kind: client, wifi: Home}\n" : ""}  cables:
    - em1 – plc-a
    - plc-a ~ plc-b
    - plc-b – router
${beside === "cable" ? "    - em2 – router\n" : ""}`;
  return parseHoldfast("house.yaml", text).config;
}

/** A host that is well, for what is done to it. */
const well = `auto bond0
iface bond0 inet static
    address 192.168.1.105/24
    gateway 192.168.1.254
    bond-slaves em1 wlan0
    bond-mode active-backup
    bond-miimon 100
    bond-primary em1

auto wlan0
iface wlan0 inet manual
    wpa-conf /etc/wpa_supplicant/wpa_supplicant.conf
`;

/** The sample as it is; of two cables the second one by radio, where that is what is to be shown. */
function filesOf(proof: RuleProof, text: string): Readonly<Record<string, string>> {
  const radio = "iface wlan0 inet manual\n    wpa-conf /etc/wpa_supplicant/wpa_supplicant.conf";
  const named = text.replaceAll("em2", "wlan0");
  const byRadio = named.includes("iface wlan0")
    ? named.replace("iface wlan0 inet manual", radio)
    : `${named}\nauto wlan0\n${radio}\n`;
  const network = (more: string) => `network={\n  ssid="Home"\n  psk="${key}"\n${more}}\n`;
  return {
    "/etc/network/interfaces": (proof.secondIsRadio === true ? byRadio : text).replace("correct-horse", key),
    "/etc/wpa_supplicant/wpa_supplicant.conf": network(""),
    "/etc/wpa_supplicant/wlan0.conf": network("  key_mgmt=SAE\n  ieee80211w=2\n"),
  };
}

/** The page's own sample for ifupdown, or what the proof makes of a host that is well. */
function sampleOf({ rule, state, cure }: RuleProof, kind: "bad" | "good"): string {
  if (state !== undefined) return well;
  if (cure !== undefined) return kind === "bad" ? well : well.replace("bond-primary", `${cure}\n    bond-primary`);
  const sample = samplesOf(pageOf(rule)).find((one) => one.language === "interfaces" && one.kind === kind);
  if (sample === undefined) throw new Error(`${rule} has no ${kind} sample for ifupdown`);
  return sample.text;
}

async function become(proof: RuleProof, kind: "bad" | "good"): Promise<string> {
  // Where two cables are the cure, the bad sample has a radio all the same.
  const config = houseOf(proof.beside === "cable" && kind === "bad" ? {} : proof);
  const packages = [...guestPackages, ...radioTools, ...(proof.packages ?? [])];
  const done =
    kind === "good" || proof.state === undefined ? [] : [["sh", "-c", `sleep 8; { ${proof.state}; } 2>&1; true`]];
  const ran = await rehearse(runLab, {
    subject: proof.rule,
    config,
    files: filesOf(proof, sampleOf(proof, kind)),
    bringUp: { manager: "ifupdown", commands: [["ifup", "-a"], ...done] },
    scenarios: allScenarios(config).filter(({ id }) => id === proof.scenario),
    repeat: 1,
    engine,
    maxBonds: 0,
    radios: await chooseRadioLinks(engine, config, packages),
    packages,
    labs: availableParallelism(),
    limitMs: 20_000,
    onProgress: () => undefined,
  });
  if (!ran.ok) throw new Error(`${ran.error.message} ${ran.error.hint}`);
  const [result] = ran.value.scenarios;
  if (result === undefined) throw new Error(`${proof.scenario} was not rehearsed`);
  const exit = kind === "bad" && proof.isRefused === true ? 1 : 0;
  expect(ran.value.bringUp.exit, ran.value.bringUp.output).toBe(exit);
  return proof.seen(result);
}

describe("the samples of a rule's own page, brought up by radio", () => {
  it.each(proofs.map((proof) => [proof.rule, proof] as const))("%s", { timeout: 400_000 }, async (_, proof) => {
    expect([await become(proof, "bad"), await become(proof, "good")]).toEqual([proof.bad, proof.good]);
  });
});
