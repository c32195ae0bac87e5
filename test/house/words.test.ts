import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { filesBelow, textOf } from "./source.ts";

const texts = filesBelow(".").filter((path) => !/\.(xz|png|webp|gz|pcap|pcapng)$/.test(path));

/** What no file of the repository may say → why. Built from pieces, so that this file doesn't say it either. */
const banned: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`/${"work"}/`), "a path of the machine it was written on"],
  [new RegExp(`(?<![\\w.])/${"root"}/\\w`), "a path of the machine it was written on"],
  [new RegExp(`${"registry"}\\.\\w+\\.\\w+`), "a package registry's host: npm knows its own"],
  [new RegExp(`"${"resolved"}": "https?:`), "a package registry's host: npm knows its own"],
  [new RegExp(`\\b(sub-?${"agent"}|${"Clau"}de|${"Anth"}ropic|${"chat"}bot)\\b`, "i"), "how it was written"],
  [new RegExp(`\\b(this|my|last|next) ${"session"}\\b`, "i"), "how it was written"],
];

describe("the repository", () => {
  it("says nothing of the machine, the registry or the people it was made with", () => {
    const found = texts.flatMap((path) =>
      textOf(path)
        .split("\n")
        .flatMap((line, index) =>
          banned
            .filter(([pattern]) => pattern.test(line))
            .map(([, why]) => `${path}:${index + 1} ${why}: ${line.trim()}`),
        ),
    );
    expect(found.map((line) => line.slice(0, 200))).toEqual([]);
  });

  it("has no drawer for what nobody found a place for", () => {
    const drawers = /^(utils?|common|helpers?|misc|shared|stuff|lib)$/;
    const found = ["src", "test", "scripts", "web"]
      .flatMap(filesBelow)
      .filter((path) => path.split("/").some((part) => drawers.test(part.replace(/(\.test)?\.\w+$/, ""))));
    expect(found).toEqual([]);
  });

  it("has no index files: what a room offers is imported from where it is", () => {
    const found = ["src", "web"].flatMap(filesBelow).filter((path) => basename(path).startsWith("index."));
    expect(found).toEqual([]);
  });
});
