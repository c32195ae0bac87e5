import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { unaccounted } from "../../src/dialects/account.ts";
import type { Dialect, Language } from "../../src/dialects/dialect.ts";
import type { Config } from "../../src/model/config.ts";
import { differences } from "../../src/model/differences.ts";
import { anyConfig } from "../arbitrary/config.ts";
import { hostConfig } from "../arbitrary/host-config.ts";

/** What the laws need to know of a language. */
interface Samples {
  /** Paths its files have, most usual first. */
  readonly paths: readonly [string, ...string[]];
  /** Lines that mean something to its parser: the fuzzer shuffles them among noise. */
  readonly lines: readonly string[];
  /** Units that, repeated to a megabyte, would show work growing with the square. */
  readonly repeated: readonly string[];
}

/** Processor time a hostile megabyte may take, ms: ten times the usual, a tenth of what grows with the square. */
const hostileBoundMs = 3000;

/** The laws of reading, for every language: no text throws, spans lie in their files, time is bounded. */
export function readingLaws(language: Language, { paths, lines, repeated }: Samples): void {
  // A word in place of another: one that objects have by themselves is found where none was put.
  const misspelt = fc
    .tuple(fc.constantFrom(...lines), fc.nat(), fc.constantFrom("constructor", "toString", "__proto__", "", "1"))
    .map(([line, at, word]) => replaceWord(line, at, word));
  const text = fc
    .array(fc.oneof(fc.string({ unit: "binary" }), misspelt, fc.constantFrom(...lines), fc.constantFrom(...lines)), {
      maxLength: 40,
    })
    .map((all) => all.join("\n"));

  describe(`reading ${language.name}`, () => {
    test("takes any text, in any of its files", () => {
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), text), { maxLength: 3 }), (entries) => {
          const files: FileSet = new Map(entries);
          for (const { at } of language.parse(files).diagnostics) {
            const length = at === undefined ? 0 : (files.get(at.file)?.length ?? 0);
            expect(at === undefined || (at.start >= 0 && at.start <= at.end && at.end <= length)).toBe(true);
          }
          const sure = language.detect(files);
          expect(sure >= 0 && sure <= 1).toBe(true);
        }),
        { numRuns: 150 },
      );
    });

    test.each(repeated.map((unit) => [JSON.stringify(unit), unit]))(
      "reads a megabyte of %s in linear time",
      (_, unit) => {
        const big = unit.repeat(Math.ceil(1_000_000 / unit.length));
        const start = process.cpuUsage();
        language.parse(new Map([[paths[0], big]]));
        const { user, system } = process.cpuUsage(start);
        expect((user + system) / 1000).toBeLessThan(hostileBoundMs);
      },
    );
  });
}

/** The line with one of its words, the `at`th and counted round, replaced. */
function replaceWord(line: string, at: number, word: string): string {
  const words = [...line.matchAll(/[\w.-]+/g)];
  const old = words[at % Math.max(1, words.length)];
  return old === undefined ? word : line.slice(0, old.index) + word + line.slice(old.index + old[0].length);
}

/** The laws of writing. `sayable` makes configurations the dialect must write without any loss. */
export function writingLaws(dialect: Dialect, sayable: fc.Arbitrary<Config>): void {
  describe(`writing ${dialect.name}`, () => {
    test("reads back what it wrote", () => {
      fc.assert(
        fc.property(sayable, (config) => {
          const rendered = dialect.render(config);
          expect(rendered.losses.map(({ message }) => message)).toEqual([]);
          const back = dialect.parse(rendered.files);
          expect(back.diagnostics.map(({ message }) => message)).toEqual([]);
          expect(differences(config, back.config)).toEqual([]);
        }),
        { numRuns: 150 },
      );
    });

    test("says everything it could not say", () => {
      fc.assert(
        fc.property(hostConfig(), (config) => {
          expect(unaccounted(dialect, config, dialect.render(config))).toEqual([]);
        }),
        { numRuns: 200 },
      );
    });

    test("says the same of the same, however hostile the configuration", () => {
      fc.assert(
        fc.property(anyConfig, (config) => {
          const { files } = dialect.render(config);
          expect(new Map(dialect.render(dialect.parse(files).config).files)).toEqual(new Map(files));
        }),
        { numRuns: 120 },
      );
    });

    test("lets no value become an interface, a bond, a command or a path", () => {
      fc.assert(
        fc.property(anyConfig, (config) => {
          const { files } = dialect.render(config);
          for (const path of files.keys()) expect(path).toMatch(/^\/[\w./:@+-]+$/);
          const { config: back } = dialect.parse(files);
          const known = namesIn(config);
          for (const name of namesIn(back)) expect(known).toContain(name);
          const commands = new Set(
            config.interfaces.flatMap(({ hooks }) => hooks.map(({ command }) => command.trim())),
          );
          for (const { hooks } of back.interfaces)
            for (const { command } of hooks) expect(commands).toContain(command.trim());
        }),
        { numRuns: 120 },
      );
    });

    test("tells no secret", () => {
      fc.assert(
        fc.property(anyConfig, (config) => {
          const said = JSON.stringify(dialect.render(config).losses);
          // A text that is also a name or a value elsewhere is no secret any more.
          const open = JSON.stringify(config);
          for (const { wifi } of config.interfaces) {
            const psk = wifi?.psk !== undefined && "inline" in wifi.psk ? wifi.psk.inline.reveal() : "";
            const secret = JSON.stringify(psk).slice(1, -1);
            if (psk.length >= 8 && !open.includes(secret)) expect(said).not.toContain(secret);
          }
        }),
        { numRuns: 100 },
      );
    });
  });
}

/** Every interface a configuration speaks of. */
function namesIn(config: Config): ReadonlySet<string> {
  return new Set([
    ...config.bonds.flatMap(({ name, ports }) => [name, ...ports]),
    ...config.interfaces.flatMap(({ name, vlan, bridge }) => [
      name,
      ...(vlan === undefined ? [] : [vlan.parent]),
      ...(bridge?.ports ?? []),
    ]),
  ]);
}
