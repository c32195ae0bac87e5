import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import { ifupdown, readInterfaces } from "../../src/dialects/ifupdown/ifupdown.ts";
import { type ResolvedStanza, resolveStanzas } from "../../src/dialects/ifupdown/variables.ts";
import { corpusFiles, corpusMissing } from "./corpus.ts";
import { askIfquery, findIfquery } from "./ifquery.ts";

const path = "/etc/network/interfaces";
const folders = ["wild/ifupdown", "thread-case/ifupdown", "wild/ifupdown2", "thread-case/ifupdown2"];
const cases = folders.flatMap(corpusFiles);

interface Pair {
  readonly input: { readonly interfaces: string };
  /** The file after the change the case is about; the table belongs to one of the two. */
  readonly output: { readonly interfaces: string };
  readonly parsed: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
const pairs = corpusFiles("peer-pair/ifupdown").map(({ name, text }) => ({ name, pair: JSON.parse(text) as Pair }));

/** Our reading in the shape of that project's table: the same keys, commands as lists. */
function tableOf(text: string, shape: Pair["parsed"]): unknown {
  const { stanzas } = stanzasOf(text);
  return Object.fromEntries(
    stanzas.map(({ stanza, family, method, variables, commands }) => {
      const lists = Object.entries(shape[stanza.name.text] ?? {}).filter(([, value]) => Array.isArray(value));
      const hooks = lists.map(([key]) => [
        key,
        commands.filter((one) => one.key.text === key).map((one) => one.value.text),
      ]);
      const plain = [...variables.values()].map(({ name, value }) => [name, value]);
      const head = [
        ["address_family", family],
        ["method", method],
      ];
      return [stanza.name.text, Object.fromEntries([...head, ...plain, ...hooks])];
    }),
  );
}

function stanzasOf(text: string): { stanzas: readonly ResolvedStanza[]; diagnostics: readonly Diagnostic[] } {
  const { document, diagnostics } = readInterfaces(new Map([[path, text]]));
  return { stanzas: resolveStanzas(document), diagnostics };
}

describe.skipIf(corpusMissing !== undefined)(`the ifupdown corpus${corpusMissing ? `: ${corpusMissing}` : ""}`, () => {
  test.each(cases)("$name means the same after it was written anew", ({ text }) => {
    const first = ifupdown.parse(new Map([[path, text]]));
    const rendered = ifupdown.render(first.config);
    const second = ifupdown.parse(rendered.files);
    expect(rendered.losses).toEqual([]);
    expect(second.config).toEqual(first.config);
    expect(ifupdown.render(second.config).files).toEqual(rendered.files);
  });

  test.each(cases)("$name loses no line in silence", ({ text }) => {
    const { stanzas, diagnostics } = stanzasOf(text);
    const parsed = ifupdown.parse(new Map([[path, text]]));
    const known = new Set([...diagnostics, ...parsed.diagnostics].map((one) => one.at?.start));
    const written = [...ifupdown.render(parsed.config).files.values()].join("\n").toLowerCase();
    for (const { stanza } of stanzas) {
      for (const { key, value } of stanza.options) {
        // Said again in the output, or told; numbers of a choice come back as its word, a netmask as a prefix.
        const words = value.text.toLowerCase().split(/\s+/);
        const told = known.has(key.span.start) || known.has(value.span.start);
        const translated = /^(netmask|hwaddress|bond[-_]|slaves$|vlan)/.test(key.text);
        expect(told || translated || words.every((word) => written.includes(word)), `${key.text} ${value.text}`).toBe(
          true,
        );
      }
    }
  });

  test.each(pairs)("$name is read as another project's parser reads it", ({ pair }) => {
    const tables = [pair.input, pair.output].map(({ interfaces }) => tableOf(interfaces, pair.parsed));
    expect(tables).toContainEqual(pair.parsed);
  });

  test("a thousand files take no more than five seconds", () => {
    const start = process.cpuUsage();
    for (let index = 0; index < 1000; index++)
      ifupdown.parse(new Map([[path, cases[index % cases.length]?.text ?? ""]]));
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(5000);
  });
});

const ifquery = await findIfquery();
const noIfquery =
  corpusMissing ?? (ifquery === undefined ? "no ifquery found (set HOLDFAST_IFQUERY, or install ifupdown)" : undefined);

/** Keys ifquery shows as its method has converted them, or adds by itself. */
const converted =
  /^(address|netmask|broadcast|hwaddress|gateway|preferred-lifetime|accept_ra|autoconf|scope|request_prefix|ll-attempts|ll-interval|dad-attempts|dad-interval|metric|client): /;

describe.skipIf(noIfquery !== undefined)(`beside the real ifquery${noIfquery ? `: ${noIfquery}` : ""}`, () => {
  test.each(cases)("$name is read alike", ({ text }) => {
    const { document, diagnostics } = readInterfaces(new Map([[path, text]]));
    const stanzas = resolveStanzas(document);
    const names = [...new Set(stanzas.map(({ stanza }) => stanza.name.text))].filter((name) => !/[/=]/.test(name));
    const answer = askIfquery(ifquery ?? "", text, names);
    const stops = diagnostics.some((one) => one.severity === "error" && one.message.includes("ifup stops reading"));
    expect(answer === "refused").toBe(stops);
    if (answer === "refused") return;
    expect(answer.auto.filter((name) => name !== "lo")).toEqual(autoNames(document.stanzas, names));
    for (const name of names) {
      const ours = stanzas.filter(({ stanza }) => stanza.name.text === name).flatMap(shown);
      const theirs = (answer.lines.get(name) ?? []).filter((line) => !converted.test(line));
      expect(theirs.sort(), name).toEqual(ours.sort());
    }
  });
});

/** What ifquery prints of a stanza, but for what it converts; post-up and pre-down under their other names. */
function shown({ variables, commands }: ResolvedStanza): readonly string[] {
  const alias = new Map([
    ["post-up", "up"],
    ["pre-down", "down"],
  ]);
  const hooks = commands.map(({ key, value }) => `${alias.get(key.text) ?? key.text}: ${value.text}`);
  const rest = [...variables.values()].flatMap(({ name, value }) => `${name}: ${value}`.split("\n"));
  return [...rest, ...hooks].filter((line) => !converted.test(line));
}

function autoNames(
  stanzas: ReturnType<typeof readInterfaces>["document"]["stanzas"],
  known: readonly string[],
): readonly string[] {
  const names = stanzas.flatMap((one) =>
    one.kind === "auto" && one.allow === "auto" ? one.names.map((word) => word.text) : [],
  );
  return [...new Set(names)].filter((name) => name !== "lo" && known.includes(name));
}
