import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { unaccounted } from "../../src/dialects/account.ts";
import { networkd } from "../../src/dialects/networkd/networkd.ts";
import { formatOption, optionNumber } from "../../src/model/option-value.ts";
import { optionNamed, optionRow } from "../../src/model/options.ts";
import { corpusDirectory, corpusMissing } from "./corpus.ts";

interface Case {
  readonly name: string;
  readonly files: FileSet;
}

/** A case is a file, or a folder of them. The fuzzer's have names without an ending. */
function casesIn(place: string): readonly Case[] {
  if (corpusMissing !== undefined) return [];
  const path = join(corpusDirectory, place);
  return readdirSync(path).map((name) => {
    const at = join(path, name);
    const files = (statSync(at).isDirectory() ? readdirSync(at).map((file) => join(at, file)) : [at]).map(
      (file): [string, string] => {
        const own = (file.split("/").at(-1) ?? "").replace(/^[a-z-]+-networkd-\d+\./, "");
        return [`/etc/systemd/network/${own}`, readFileSync(file, "utf8")];
      },
    );
    return { name, files: new Map(files) };
  });
}

interface Pair {
  readonly input: Readonly<Record<string, string>>;
  readonly sysfs: readonly { readonly link: string; readonly attr: string; readonly value: string }[];
  readonly output_text: readonly { readonly op: string; readonly text: string }[];
}

const cases = [...casesIn("wild/networkd"), ...casesIn("peer-fixture/networkd"), ...casesIn("thread-case/networkd")];
const pairs = corpusMissing === undefined ? readdirSync(join(corpusDirectory, "peer-pair/networkd")) : [];

/** What a reader said of the case when it was gathered, as the findings that say it; by the beginning of the case's name. Those said
 *  by rules for every language (no monitor, a radio without fail_over_mac) are not here. */
const told: readonly (readonly [name: string, ...codes: string[]])[] = [
  ["wild-networkd-005", "networkd-bad-mode", "networkd-bad-value"],
  ["wild-networkd-017", "networkd-bare-seconds"],
  ["wild-networkd-018", "networkd-no-master", "networkd-unknown-key"],
  ["wild-networkd-019", "networkd-unknown-key"],
  ["wild-networkd-020", "networkd-bad-line", "networkd-not-sent"],
  ["wild-networkd-028", "networkd-bad-value"],
  ["wild-networkd-029", "networkd-bad-value"],
  ["wild-networkd-036", "networkd-not-sent", "networkd-unknown-key"],
];

describe.skipIf(corpusMissing !== undefined)(`the networkd corpus${corpusMissing ? `: ${corpusMissing}` : ""}`, () => {
  test.each(cases)("$name means the same after it was written anew", ({ files }) => {
    const { config } = networkd.parse(files);
    const rendered = networkd.render(config);
    expect(unaccounted(networkd, config, rendered)).toEqual([]);
    expect(networkd.render(networkd.parse(rendered.files).config).files).toEqual(rendered.files);
  });

  test.each(told)("%s: what a reader saw is found", (name, ...codes) => {
    const found = cases.find((one) => one.name.startsWith(name));
    const said = new Set(networkd.parse(found?.files ?? new Map()).diagnostics.map(({ code }) => code));
    expect(codes.filter((code) => !said.has(code))).toEqual([]);
  });

  test.each(pairs)("%s: the bond is what networkd's own tests saw", (file) => {
    const pair = JSON.parse(readFileSync(join(corpusDirectory, "peer-pair/networkd", file), "utf8")) as Pair;
    const { config } = networkd.parse(
      new Map(Object.entries(pair.input).map(([name, text]) => [`/etc/systemd/network/${name}`, text])),
    );
    for (const { link, attr, value } of pair.sysfs) {
      const option = optionNamed(attr.replace("bonding/", ""));
      const said = option && config.bonds.find(({ name }) => name === link)?.options[option];
      if (option === undefined || said === undefined) throw new Error(`${link}: ${attr} is not in the model`);
      const isChoice = optionRow(option).kind === "choice";
      const shown = `${formatOption(option, said)}${isChoice ? ` ${optionNumber(option, said)}` : ""}`;
      expect([attr, shown]).toEqual([attr, value]);
    }
    for (const { op, text } of pair.output_text) {
      const named = /^(primary|active_slave) (\S+)$/.exec(text);
      if (op === "assertIn" && named !== null) expect(config.bonds[0]?.options[named[1] as "primary"]).toBe(named[2]);
    }
    expect(config.bonds.length).toBeGreaterThan(0);
  });
});
