import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import { ifupdownSubject } from "./ifupdown-subject.ts";

const path = "/etc/network/interfaces";
const judge = (text: string) => check(ifupdownSubject(new Map([[path, text]]), { facts: { maxBonds: 0 } }));
const codes = (text: string) => judge(text).map((one) => one.code);

const bond = (...lines: readonly string[]) =>
  [
    "auto bond0",
    "iface bond0 inet static",
    "    address 192.168.1.105/24",
    ...lines.map((line) => `    ${line}`),
    "",
  ].join("\n");

describe("what a listed port may have been meant to be", () => {
  const listed = (ports: string, ...more: readonly string[]) =>
    bond(`bond-slaves ${ports}`, "bond-mode active-backup", "bond-miimon 100") + more.join("\n");

  test("an idle interface of nearly that name is one", () => {
    const [found] = judge(listed("enp0s9 enp010", "iface enp0s9 inet manual", "iface enp0s10 inet manual"));
    expect(found).toMatchObject({ code: "port-perhaps-misspelt", severity: "warning" });
    expect(found?.hint).toContain("Write enp0s10 in place of enp010");
  });
  test("one with a use of its own is none", () => {
    const others = [
      "iface em3 inet dhcp",
      "iface em3 inet manual\n    bond-master bond0",
      "iface br0 inet manual\n    bridge-ports em3",
    ];
    for (const other of others) expect(codes(listed("em1 em2", other)), other).not.toContain("port-perhaps-misspelt");
    expect(codes(listed("em1 em2"))).toEqual([]);
  });
});

test("that the order of its two stanzas keeps a bond from being made is said", () => {
  const six = "auto bond0\niface bond0 inet6 static\n    address 2001:db8::5/64\n";
  const four = bond("bond-slaves em1 em2", "bond-mode active-backup", "bond-miimon 100");
  const [found] = judge(six + four);
  expect(found).toMatchObject({
    code: "ifenslave-makes-no-bond",
    hint: expect.stringContaining("before the other one"),
  });
  expect(found?.message).toContain("in their order");
  expect(codes(four + six)).not.toContain("ifenslave-makes-no-bond");
});

describe("a comment with a reason silences one rule on one line", () => {
  const slow = (before: string, after = "") =>
    bond(
      "bond-slaves em1 em2",
      "bond-mode active-backup",
      ...(before === "" ? [] : [before]),
      `bond-miimon 2000${after}`,
    );

  test("on the line before", () => {
    expect(codes(slow(""))).toEqual(["miimon-slow"]);
    expect(codes(slow("# holdfast: ignore miimon-slow because the switch blinks"))).toEqual([]);
  });
  test("not two lines before, not for another rule, not for the whole file", () => {
    expect(codes(`# holdfast: ignore miimon-slow because the switch blinks\n${slow("")}`)).toEqual(["miimon-slow"]);
    expect(codes(slow("# holdfast: ignore delay-rounding because the switch blinks"))).toEqual(["miimon-slow"]);
  });
  test("several comments above one line", () => {
    const both =
      "# holdfast: ignore delay-rounding because of that\n    # holdfast: ignore miimon-slow because of this";
    expect(codes(slow(both))).toEqual([]);
  });
  test("without a reason it is reported beside what it was to hide", () => {
    expect(codes(slow("# holdfast: ignore miimon-slow"))).toEqual(["suppression-without-reason", "miimon-slow"]);
    expect(codes(slow("# holdfast: ignore miimon-slow because"))).toContain("suppression-without-reason");
  });
  test("a misspelt rule is named, with the one that was meant", () => {
    const [first] = judge(slow("# holdfast: ignore mimon-slow because the switch blinks"));
    expect(first).toMatchObject({ code: "suppression-without-reason", hint: "Write miimon-slow." });
  });
});

test("findings come in the order of the file", () => {
  const found = judge(bond("bond-slaves em1 em2", "bond-mode active-backup", "bond-updelay 250", "bond-miimon 2000"));
  const starts = found.map((one) => one.at?.start ?? -1);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  expect(found.length).toBeGreaterThan(1);
});

describe("a root cause is told once", () => {
  test("no mode: nothing about a primary that balance-rr refuses", () => {
    expect(codes(bond("bond-slaves em1 em2", "bond-miimon 100", "bond-primary em1"))).toEqual(["mode-not-set"]);
  });
  test("a misspelt mode is answered with the one that was meant", () => {
    expect(judge(bond("bond-slaves em1 em2", "bond-mode active-backu", "bond-miimon 100"))[0]?.hint).toBe(
      "Write bond-mode active-backup.",
    );
  });
  test("mode and monitor only on the ports: one error, not three", () => {
    const port = (name: string) =>
      `auto ${name}\niface ${name} inet manual\n    bond-master bond0\n    bond-mode active-backup\n    bond-miimon 100\n`;
    const text = `${port("em1")}${port("em2")}${bond("bond-slaves none")}`;
    const errors = judge(text).filter((one) => one.severity === "error");
    expect(errors.map((one) => one.code)).toEqual(["ifenslave-options-only-on-ports"]);
    expect(errors[0]?.message).toContain("it runs in balance-rr, and it has no monitor and never fails over");
  });
});

test("no hint invites a pasted shell command to run what a file said", () => {
  const [first] = judge(
    bond("bond-slaves em1 em2", "bond-mode active-backup", "bond-miimon 100", "bond-resend-igmp $(reboot)"),
  );
  expect(first?.code).toBe("ifenslave-unknown-option-ignored");
  expect(first?.hint).not.toContain("reboot");
});

test("never throws, whatever the text", () => {
  const word = fc.constantFrom(
    "auto",
    "iface",
    "bond0",
    "em1",
    "wlan0",
    "inet",
    "inet6",
    "static",
    "manual",
    "dhcp",
    "bond-master",
    "bond-slaves",
    "none",
    "all",
    "bond-mode",
    "active-backup",
    "1",
    "9",
    "bond-miimon",
    "100",
    "bond-primary",
    "address",
    "10.0.0.1/8",
    "bridge_ports",
    "up",
    "# holdfast: ignore",
    "because",
    "\\",
    "\n",
    "\n    ",
    "wpa-psk",
    "\t",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 60 }), (words) => {
      for (const one of judge(words.join(" "))) expect(one.message).not.toContain("undefined");
    }),
    { numRuns: 300 },
  );
});

const shared = process.env["HOLDFAST_SHARED"] ?? join(import.meta.dirname, "../../../shared");
const corpus = join(shared, "corpus");

test.skipIf(!existsSync(corpus))(
  "1,000 files of the corpus are read and judged in 5 s of a processor's time (skipped without the corpus)",
  () => {
    const rows: readonly { dialect: string; kind: string; files: readonly string[] }[] = readFileSync(
      join(corpus, "index.jsonl"),
      "utf8",
    )
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const texts = rows
      .filter((row) => row.dialect === "ifupdown" && row.kind !== "peer-pair")
      .map((row) => readFileSync(join(corpus, row.files[0] ?? ""), "utf8"));
    const begun = process.cpuUsage();
    for (let index = 0; index < 1000; index++) judge(texts[index % texts.length] ?? "");
    // Not by the clock: other work on the machine would count too.
    expect(process.cpuUsage(begun).user / 1e6).toBeLessThan(5);
  },
);
