import { describe, expect, test } from "vitest";
import { unaccounted } from "../../src/dialects/account.ts";
import { iproute2 } from "../../src/dialects/iproute2/iproute2.ts";
import { detectDialect } from "../../src/dialects/registry.ts";
import { type CorpusCase, corpusCases } from "./cases.ts";
import { corpusMissing } from "./corpus.ts";

const cases = corpusCases("iproute2");

function read({ files }: CorpusCase): ReturnType<typeof iproute2.parse> {
  return iproute2.parse(files);
}

/** What a reader said of the case when it was gathered, as the findings that say it. That a radio wants fail_over_mac is a rule's. */
const told: readonly (readonly [id: string, ...codes: string[]])[] = [
  ["thread-case-iproute2-001", "master-not-made"],
  ["thread-case-iproute2-002", "bond-command-refused"],
  ["wild-iproute2-004", "joins-while-up"],
  ["wild-iproute2-005", "module-options-too-late"],
  ["wild-iproute2-008", "link-exists"],
];

describe.skipIf(corpusMissing !== undefined)(
  `the corpus of ip commands${corpusMissing ? `: ${corpusMissing}` : ""}`,
  () => {
    test.each(cases)("$id is known for what it is, and means the same after it was written anew", (one) => {
      expect(detectDialect(one.files)?.name).toBe("iproute2");
      const { config } = read(one);
      const rendered = iproute2.render(config);
      expect(unaccounted(iproute2, config, rendered)).toEqual([]);
      expect(iproute2.render(iproute2.parse(rendered.files).config).files).toEqual(rendered.files);
    });

    test.each(told)("what was said of %s is found", (id, ...codes) => {
      const one = cases.find((found) => found.id === id);
      if (one === undefined) throw new Error("the case is gone");
      const found = new Set(read(one).diagnostics.map(({ code }) => code));
      expect(codes.filter((code) => !found.has(code))).toEqual([]);
    });
  },
);
