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

function houseOf({ beside }: Pick<RuleProof, "beside">): Config {
  const second = beside === "cable" ? "em2" : "{name: wlan0, wifi: {ssid: Home, psk: {file: home.psk}}}";
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
    router: {kind: router, address: 192.168.1.254/24, wifi: Home}
${beside === "phone" ? "    phone: {kind: client, wifi: Home}\n" : ""}  cables:
    - em1 – plc-a
    - plc-a ~ plc-b
    - plc-b – router
${beside === "cable" ? "    - em2 – router\n" : ""}`;
  return parseHoldfast("house.yaml", text).config;
}

/** The sample as it is; of two cables the second one by radio, where that is what is to be shown. */
function filesOf(proof: RuleProof, text: string): Readonly<Record<string, string>> {
  const radio = "iface wlan0 inet manual\n    wpa-conf /etc/wpa_supplicant/wpa_supplicant.conf";
  const named = text.replaceAll("em2", "wlan0");
  const byRadio = named.includes("iface wlan0")
    ? named.replace("iface wlan0 inet manual", radio)
    : `${named}\nauto wlan0\n${radio}\n`;
  return {
    "/etc/network/interfaces": proof.secondIsRadio === true ? byRadio : text,
    "/etc/wpa_supplicant/wpa_supplicant.conf": `network={\n  ssid="Home"\n  psk="${key}"\n}\n`,
  };
}

async function become(proof: RuleProof, kind: "bad" | "good"): Promise<string> {
  const sample = samplesOf(pageOf(proof.rule)).find((one) => one.language === "interfaces" && one.kind === kind);
  if (sample === undefined) throw new Error(`${proof.rule} has no ${kind} sample for ifupdown`);
  // Where two cables are the cure, the bad sample has a radio all the same.
  const config = houseOf(proof.beside === "cable" && kind === "bad" ? {} : proof);
  const packages = [...guestPackages, ...radioTools, ...(proof.packages ?? [])];
  const ran = await rehearse(runLab, {
    subject: proof.rule,
    config,
    files: filesOf(proof, sample.text),
    bringUp: { manager: "ifupdown", commands: [["ifup", "-a"]] },
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
  expect(ran.value.bringUp.exit, ran.value.bringUp.output).toBe(0);
  return proof.seen(result);
}

describe("the samples of a rule's own page, brought up by radio", () => {
  it.each(proofs.map((proof) => [proof.rule, proof] as const))("%s", { timeout: 400_000 }, async (_, proof) => {
    expect([await become(proof, "bad"), await become(proof, "good")]).toEqual([proof.bad, proof.good]);
  });
});
