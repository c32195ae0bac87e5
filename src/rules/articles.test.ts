import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { lineIndex } from "../diagnostic/line-index.ts";
import { printText } from "../diagnostic/print-text.ts";
import { plainStyle } from "../diagnostic/text-style.ts";
import { check } from "./check.ts";
import { ifupdownSubject, type Surroundings } from "./ifupdown-subject.ts";

const examples = join(import.meta.dirname, "../../examples");
const path = "/etc/network/interfaces";

function article(name: string, around: Surroundings) {
  const text = readFileSync(join(examples, "articles", name, path), "utf8");
  const subject = ifupdownSubject(new Map([[path, text]]), around);
  const found = check(subject);
  const index = lineIndex(text);
  const lineOf = (one: Diagnostic["at"]) => text.split("\n")[index.position(one?.start ?? 0).line - 1]?.trim();
  const finding = (code: string) => found.find((one) => one.code === code);
  return { text, found, lineOf, finding, print: () => printText(found, subject.files, plainStyle(100)) };
}

const house = (file: string) => {
  const { config } = parseHoldfast(file, readFileSync(join(examples, file), "utf8"));
  return { uplinks: config.uplinks, ...(config.topology === undefined ? {} : { topology: config.topology }) };
};

describe("the first article (HomePlug and Wi-Fi), in its house", () => {
  const around = { facts: { maxBonds: 0 }, fileModes: new Map([[path, 0o644]]), around: house("powerline-wifi.yaml") };
  const { found, finding, lineOf, print } = article("first", around);

  test("works, so there is no error; three warnings and two pieces of advice, each once", () => {
    expect(found.map((one) => `${one.severity} ${one.code}`)).toEqual([
      "advice options-repeated",
      "warning secret-world-readable",
      "warning wifi-same-mac-hairpin",
      "advice ifdown-ifup-bond-loses-ports",
      "warning upstream-failure-invisible",
    ]);
  });

  test("its monitor sees the powerline adapter in the room and nothing of the path behind", () => {
    const hidden = finding("upstream-failure-invisible");
    expect(lineOf(hidden?.at)).toBe("bond-miimon 100");
    expect(hidden?.message).toContain("em1 ends on the powerline adapter plc-a, which keeps the carrier up");
    expect(hidden?.also?.[0]?.note).toContain("says nothing of plc-b and router");
  });

  test("the key is found and never shown", () => {
    expect(lineOf(finding("secret-world-readable")?.at)).toMatch(/^wpa-psk/);
    expect(print()).toContain("wpa-psk ********");
    expect(print()).not.toContain("goatsareinteresting");
  });

  test("of the options said three times, the superfluous lines are marked and the one that counts is not", () => {
    const repeated = finding("options-repeated");
    expect(repeated?.message).toContain("said 3 times");
    const marked = [repeated?.at, ...(repeated?.also ?? []).map((one) => one.at)].map(lineOf);
    expect(marked.filter((line) => line === "bond-primary em1")).toHaveLength(2);
    expect(marked.filter((line) => line === "bond-mode active-backup")).toHaveLength(2);
    expect(repeated?.hint).toContain("bond-slaves em1 wlan0");
  });
});

describe("the second article (VDSL and LTE)", () => {
  test("as printed, on today's Debian: two errors, at the two lines to edit", () => {
    const { found, finding, lineOf } = article("second", { facts: { maxBonds: 0 } });
    expect(found.map((one) => `${one.severity} ${one.code}`)).toEqual([
      "error static-without-address",
      "error ifenslave-bond-master-on-itself",
    ]);
    expect(lineOf(finding("static-without-address")?.at)).toBe("iface bond0 inet static");
    const self = finding("ifenslave-bond-master-on-itself");
    expect(lineOf(self?.at)).toBe("bond-master bond0");
    expect(self?.message).toContain("there is no bond0, no port has joined, and nothing fails over");
    expect(self?.also?.map((one) => one.note)).toEqual([
      expect.stringContaining("eth0 finds no bond0 to join"),
      expect.stringContaining("eth1 finds no bond0 to join"),
    ]);
  });

  test("with an address and a bond0 that the module made: it looks fine, and the error says why it is not", () => {
    const { found, finding, lineOf } = article("second-with-address", { facts: { maxBonds: 1 } });
    expect(found.map((one) => one.code)).toEqual(["ifenslave-bond-master-on-itself"]);
    const self = finding("ifenslave-bond-master-on-itself");
    expect(self?.message).toContain("stays in balance-rr without a monitor");
    expect(self?.message).toContain("answers to ping");
    expect(self?.also?.map((one) => lineOf(one.at))).toEqual([
      "bond-primary eth0",
      "bond-mode active-backup",
      "bond-miimon 100",
    ]);
  });

  test("mended: no error is left, and its two routers with one address are the next thing to hear of", () => {
    const text = article("second-with-address", { facts: { maxBonds: 0 } }).text;
    const mended = text.replace(/(iface bond0 inet static(?:\n(?!bond-master).*)*\n)bond-master bond0\n/, "$1");
    expect(mended).not.toBe(text);
    const around = { facts: { maxBonds: 0 }, around: house("vdsl-lte.yaml") };
    const found = check(ifupdownSubject(new Map([[path, mended]]), around));
    expect(found.filter((one) => one.severity === "error")).toEqual([]);
    const codes = found.map((one) => one.code);
    expect(codes).toContain("two-routers-same-ip-stale-neighbour");
    expect(codes).toContain("upstream-failure-invisible");
  });
});

test("a dead path behind a live carrier: a host with the agent is only told to run it", () => {
  const file = "powerline-wifi.yaml";
  const text = readFileSync(join(examples, file), "utf8");
  const { config, origins, diagnostics } = parseHoldfast(file, text);
  const found = check({ dialect: "holdfast", files: new Map([[file, text]]), config, origins, diagnostics });
  const hidden = found.find((one) => one.code === "upstream-failure-invisible");
  expect(hidden).toMatchObject({
    severity: "advice",
    hint: expect.stringContaining("Run `holdfast agent` on the host"),
  });
  expect(hidden?.message).toContain("the kernel alone watches nothing but the carrier");
});
