import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { unaccounted } from "../../src/dialects/account.ts";
import { networkmanager } from "../../src/dialects/networkmanager/networkmanager.ts";
import { differences } from "../../src/model/differences.ts";
import { findNmcli, normalised } from "../dialects/nmcli.ts";
import { corpusDirectory, corpusMissing } from "./corpus.ts";

const folder = "/etc/NetworkManager/system-connections";

interface Case {
  readonly name: string;
  readonly files: FileSet;
}

/** A case is a file, or a folder of them. Their own names follow the case's. */
function casesIn(place: string): readonly Case[] {
  if (corpusMissing !== undefined) return [];
  const path = join(corpusDirectory, place);
  return readdirSync(path).map((name) => {
    const at = join(path, name);
    const isFolder = statSync(at).isDirectory();
    const files = (isFolder ? readdirSync(at).map((file) => join(at, file)) : [at]).map((file): [string, string] => [
      `${folder}/${(file.split("/").at(-1) ?? "").replace(/^(?:wild|peer-fixture)-nm-keyfile-\d+\./, "").replace(/\.example$/, "")}`,
      readFileSync(file, "utf8"),
    ]);
    return { name, files: new Map(files) };
  });
}

const cases = [...casesIn("wild/nm-keyfile"), ...casesIn("peer-fixture/nm-keyfile")];

/** Cases whose files NetworkManager itself refuses, and why: the readers need not agree on them. */
const refusedByNetworkManager: Readonly<Record<string, string>> = {
  "wild-nm-keyfile-007": "a template: its uuids and MAC addresses are still to be filled in",
  "wild-nm-keyfile-013": "examples of many profiles in one file, merged into one that contradicts itself",
};

const nmcli = await findNmcli();

describe.skipIf(corpusMissing !== undefined)(`the keyfile corpus${corpusMissing ? `: ${corpusMissing}` : ""}`, () => {
  test.each(cases)("$name means the same after it was written anew", ({ files }) => {
    const { config } = networkmanager.parse(files);
    expect(unaccounted(networkmanager, config, networkmanager.render(config))).toEqual([]);
  });

  test.each(cases)("$name: the good ones raise no error", ({ name, files }) => {
    const errors = networkmanager.parse(files).diagnostics.filter(({ severity }) => severity === "error");
    if (refusedByNetworkManager[name] === undefined) expect(errors).toEqual([]);
  });

  test.skipIf(nmcli === undefined).each(cases)("$name is what NetworkManager itself makes of it", ({ name, files }) => {
    const theirs = new Map<string, string>();
    const ours = new Map<string, string>();
    for (const [path, text] of files) {
      const answer = normalised(nmcli, text);
      if (!("text" in answer)) {
        // What it refuses we report as an error.
        const { diagnostics } = networkmanager.parse(new Map([[path, text]]));
        expect([path, diagnostics.some(({ severity }) => severity === "error")]).toEqual([path, true]);
        continue;
      }
      // 1.42 knows neither the new names, which we read, nor the ones of Open vSwitch, which we don't.
      if (/^(?:controller|port-type)=/m.test(text) && !/^master=/m.test(text)) continue;
      ours.set(path, text);
      theirs.set(path, answer.text.replace(/^addr-gen-mode=default\n/m, ""));
    }
    if (refusedByNetworkManager[name] !== undefined) return;
    const left = networkmanager.parse(ours).config;
    const right = networkmanager.parse(theirs).config;
    const usual = /\/option\/mode$|\/extra$|\/bridge\/\w+$/;
    expect(differences(left, right).filter((key) => !usual.test(key))).toEqual([]);
  });
});
