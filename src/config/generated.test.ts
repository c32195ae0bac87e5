import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { optionNames } from "../model/options.ts";
import { bondShape } from "./bond-shape.ts";
import { guideText, schemaText } from "./generated.ts";
import { holdfastShape } from "./holdfast-shape.ts";
import { parseHoldfast } from "./parse-holdfast.ts";
import type { Shape } from "./shape.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("generated files", () => {
  test("writing them again changes nothing (npm run generate)", () => {
    expect(read("schema/holdfast.schema.json")).toBe(schemaText());
    const guide = read("docs/guide/holdfast-yaml.md");
    expect(guideText(guide)).toBe(guide);
  });
});

describe("the guide", () => {
  const blocks = [...read("docs/guide/holdfast-yaml.md").matchAll(/```yaml\n([^`]+)```/g)].map(
    (match) => match[1] ?? "",
  );
  test.each(blocks.filter((block) => !block.startsWith("#")))("shows only what is taken: %j", (block) => {
    const rest = block.includes("bond:")
      ? ""
      : "bond: {ports: [eth0, eth1, em1, {name: wlan0, wifi: {ssid: BTHub-2211}}], dhcp: true}\n";
    expect(parseHoldfast("h", block + rest).diagnostics).toEqual([]);
  });
});

describe("the JSON Schema", () => {
  const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
    JSON.parse(schemaText()) as object,
  );
  const examples = readdirSync(join(root, "examples")).filter((name) => name.endsWith(".yaml"));

  test.each(examples)("takes examples/%s", (name) => {
    expect(validate(parse(read(`examples/${name}`))), JSON.stringify(validate.errors)).toBe(true);
  });

  test.each([
    "bond: {ports: [a], mode: active_backup}",
    "bond: {prots: [a]}",
    "bond: {ports: [a], miimon: often}",
    "bond: {ports: [a], num_peer_notif: 256}",
    "bond: {ports: [{name: w, wifi: {ssid: X, psk: clear}}]}",
    "bond: {ports: [a], address: 10.0.0.1}",
    "bond: {dhcp: true}",
    "bond: {ports: [a]}\nobjectives: {outage: 1}",
    "bond: {ports: [a]}\ntargets: [example.org]",
    "bond: {ports: [a]}\ntopology: {cables: [a-b]}",
    "bond: {ports: [a]}\ntopology: {devices: {-x: {kind: router}}}",
    "bond: {ports: [a]}\nnotify: {pager: {}}",
    "bond: {ports: [a], dhcp: 'yes'}",
  ])("refuses what the decoder refuses: %s", (text) => {
    expect(validate(parse(text))).toBe(false);
    expect(parseHoldfast("h", text).diagnostics).not.toEqual([]);
  });
});

describe("the description of the file", () => {
  test("has every option of a bond", () => {
    for (const name of optionNames) {
      const places = [
        bondShape.fields,
        bondShape.fields.options.fields,
        bondShape.fields.ports.item.of[1].fields.options.fields,
      ];
      expect(
        places.some((fields) => Object.hasOwn(fields, name)),
        name,
      ).toBe(name !== "active_slave");
    }
  });

  test("every example in it is taken by its own key", () => {
    for (const [key, shape] of Object.entries<Shape>(bondShape.fields)) {
      if (shape.kind === "option" || key === "options") continue;
      const others = key === "ports" ? "" : ", ports: [eth0, wlan0]";
      const { diagnostics } = parseHoldfast("h", `bond: {${key}: ${shape.example}${others}}`);
      expect(
        diagnostics.filter((one) => !["gateway-without-address", "bad-value"].includes(one.code)),
        `${key}: ${shape.example}`,
      ).toEqual([]);
    }
    for (const [key, shape] of Object.entries<Shape>(holdfastShape.fields)) {
      const { diagnostics } = parseHoldfast(
        "h",
        `${key}: ${shape.example}${key === "bond" ? "" : "\nbond: {ports: [eth0, wlan0], dhcp: true}"}`,
      );
      expect(diagnostics, `${key}: ${shape.example}`).toEqual([]);
    }
  });
});
