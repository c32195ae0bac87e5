import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import { readTree } from "../syntax/yaml-tree.ts";
import { noAnswers } from "./answers.ts";
import { propose } from "./document.ts";
import { draftOf } from "./draft.ts";
import { keeps } from "./keeps.ts";
import { mergeDocument } from "./merge-document.ts";
import { twoCables } from "./testing/hosts.ts";

const file = "holdfast.yaml";

/** Somebody's own file, with all that a machine would write differently. */
const own = `# The cellar's server. Ask Ada before touching.

bond:
    primary:   eno1     # the good cable
    ports: [ eno1, eno2 ]   # both on the board
    miimon: 50ms


    address: 10.0.0.5/24
    gateway: 10.0.0.1

objectives: { outage: 500ms }   # stricter than usual
`;

describe("adding to a file that somebody wrote", () => {
  test("leaves every line as it is, blanks and comments too, and puts what is new behind", () => {
    const { config } = parseHoldfast(file, own);
    const places = new Map([
      ["eno1", "router"],
      ["eno2", "switch"],
    ] as const);
    const done = propose(draftOf(twoCables, config, { ...noAnswers, places, ups: ["host"] }), { file, text: own });
    if (!done.ok) throw new Error(done.error);
    expect(done.value.text.startsWith(own.trimEnd())).toBe(true);
    expect(done.value.text).toContain(
      "\n\n# What the host hangs on: – is a cable, ~ powerline, ))) radio.\ntopology:\n",
    );
    expect(done.value.config.topology?.devices.map(({ name }) => name)).toEqual(["host", "router", "switch"]);
    expect(done.value.config.objectives?.outageMs).toBe(500);
  });

  const bond = "bond:\n  ports: [eno1, eno2]\n  dhcp: true\n";

  test.each([
    ["a document with its marks", `---\n${bond}...\n`],
    ["one in braces over several lines", "bond: {\n  ports: [eno1, eno2], # both\n  dhcp: true,\n}\n"],
    ["keys in quotes", `'bond':\n  "ports": ['eno1', "eno2"]\n  dhcp: true\n`],
    ["line ends of another system", bond.replaceAll("\n", "\r\n")],
    [
      "a device on lines of its own, with remarks",
      `${bond}topology:\n  devices:\n    router:\n      kind: router\n\n      # not yet\n  cables:\n  - eno1 – router\n  # - eno2\n\n\n`,
    ],
    [
      "remarks at the end",
      "bond:\n  ports:\n    - eno1\n    - eno2\n    # more to come\n  dhcp: true\n  # end of bond\n\n# the end\n",
    ],
  ])("%s", (_name, text) => {
    const { config } = parseHoldfast(file, text);
    const places = new Map([
      ["eno1", "router"],
      ["eno2", "switch"],
    ] as const);
    const done = propose(draftOf(twoCables, config, { ...noAnswers, places, ups: ["host"] }), { file, text });
    if (!done.ok) throw new Error(done.error);
    const lines = done.value.text.split("\n");
    expect(text.split("\n").filter((line) => !lines.includes(line))).toEqual([]);
    expect(done.value.config.topology?.devices.map(({ name }) => name).toSorted()).toEqual([
      "host",
      "router",
      "switch",
    ]);
    // What stood below a thing, further in, still does; and no line ends otherwise than the others.
    if (text.includes("\r\n")) expect(done.value.text).not.toMatch(/[^\r]\n./);
    const [remark = ""] = / {2}# end of bond|[\s\S]*# not yet/.exec(text) ?? [];
    expect(done.value.text.indexOf(remark)).toBeLessThan(done.value.text.indexOf("power: mains"));
  });

  test("changes a value only where it was asked for, and takes away what the answer ends", () => {
    const text = "bond:\n  ports: [eno1, eno2] # both\n  dhcp: true # for now\n  primary: eno1 # good\n";
    const wanted = "bond:\n  primary: eno2\n  ports:\n    - eno1\n    - eno2\n  address: [10.0.0.5/24]\n";
    expect(mergeDocument(file, text, wanted, { asked: ["bond.primary", "bond.dhcp", "bond.address"] })).toBe(
      "bond:\n  ports: [eno1, eno2] # both\n  primary: eno2 # good\n  address: [10.0.0.5/24]\n",
    );
    expect(mergeDocument(file, text, wanted, {})).toBe(`${text}  address: [10.0.0.5/24]\n`);
  });

  test("a text in folds keeps its lines and its line breaks, and what is new stands behind it, not within what follows", () => {
    const wanted = "bond:\n  ports: [eno1, eno2]\n  address: [10.0.0.5/24]\n";
    const folds = (style: string) => `bond:\n  ports: [eno1, eno2]\n  primary: ${style}\n    eno1\n`;
    const rest = "topology:\n  devices: {}\n";
    expect(mergeDocument(file, folds(">-") + rest, wanted, {})).toBe(`${folds(">-")}  address: [10.0.0.5/24]\n${rest}`);
    expect(mergeDocument(file, `${folds(">+")}\n\n${rest}`, wanted, {})).toBe(
      `${folds(">+")}\n\n  address: [10.0.0.5/24]\n${rest}`,
    );
    expect(mergeDocument(file, folds(">-") + rest, `${wanted}  primary: eno2\n`, { asked: ["bond.primary"] })).toBe(
      `bond:\n  ports: [eno1, eno2]\n  primary: eno2\n  address: [10.0.0.5/24]\n${rest}`,
    );
    expect(mergeDocument(file, folds(">-") + rest, wanted, { asked: ["bond.primary"] })).toBe(
      `bond:\n  ports: [eno1, eno2]\n  address: [10.0.0.5/24]\n${rest}`,
    );
  });

  test("twelve thousand lines of remarks cost no more than their length says", () => {
    const text = `bond:\n  ports: [eno1, eno2]\n${"  # x\n".repeat(12_000)}`;
    expect(mergeDocument(file, text, "bond:\n  dhcp: true\n", {})).toBe(`${text}  dhcp: true\n`);
  });

  test("a text that would not say what it said is not taken", () => {
    const trees = (before: string, after: string) => keeps(readTree(file, before).tree, readTree(file, after).tree, []);
    expect(trees("a: {b: 1}", "a: {b: 1, c: 2}\nd: 3")).toBe(true);
    expect(trees("a: {b: 1}", "a: {c: 1}")).toBe(false);
    expect(trees("a: >+\n  x\n", "a: >+\n  x\n\nb: 1\n")).toBe(false);
    expect(trees("a: [x]", "a: [{name: x, mac: y}, z]")).toBe(true);
    expect(trees("a: [x, y]", "a: [y]")).toBe(false);
  });

  test("a port more, a cable more, a radio's network: in the manner of the file", () => {
    const text =
      "bond:\n  ports: [ eth0 ]\ntopology:\n  devices: { router: { kind: router } }\n  cables:\n  - eth0 – router\n";
    const wanted =
      "bond:\n  ports:\n    - eth0\n    - name: wlan0\n      wifi: {ssid: Home}\ntopology:\n  devices:\n    router: {kind: router, wifi: Home}\n    host: {power: ups}\n  cables:\n    - eth0 – router\n    - eth1 – router\n";
    expect(mergeDocument(file, text, wanted, {})).toBe(
      "bond:\n  ports: [ eth0, {name: wlan0, wifi: {ssid: Home}} ]\ntopology:\n  devices: { router: { kind: router, wifi: Home }, host: {power: ups} }\n  cables:\n  - eth0 – router\n  - eth1 – router\n",
    );
  });

  test("doing it twice changes nothing, and nothing that was said is lost", () => {
    const key = fc.constantFrom("bond", "topology", "targets", "objectives", "uplinks");
    const inner = fc.dictionary(fc.constantFrom("a", "b", "c", "name"), fc.constantFrom(1, true, "x", "y z"), {
      minKeys: 1,
    });
    const document = fc.dictionary(key, inner, { minKeys: 1 });
    const block = (value: Record<string, Record<string, unknown>>) =>
      Object.entries(value)
        .map(
          ([name, fields]) =>
            `${name}:\n${Object.entries(fields)
              .map(([k, v]) => `  ${k}: ${v}   # ${k}\n`)
              .join("")}`,
        )
        .join("");
    fc.assert(
      fc.property(document, document, (mine, theirs) => {
        const text = block(mine);
        const once = mergeDocument(file, text, block(theirs), {});
        expect(mergeDocument(file, once, block(theirs), {})).toBe(once);
        const lines = once.split("\n");
        for (const line of text.split("\n")) expect(lines).toContain(line);
      }),
    );
  });
});
