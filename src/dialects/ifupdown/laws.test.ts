import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyConfig, saneConfig } from "../../../test/arbitrary/config.ts";
import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { writingLaws } from "../../../test/dialects/laws.ts";
import { plainHost } from "../../../test/dialects/plain-host.ts";
import type { Config, Interface } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { ifupdown } from "./ifupdown.ts";
import { spellingOf } from "./spelling.ts";

const path = "/etc/network/interfaces";
const hostileBoundMs = 3000;

/** Processor time since, ms: how busy the machine is with other things does not count. */
function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

const sayable = optionNames.filter((name) => spellingOf(name) !== "cannot-say");

/** What nothing starts is told of when it is read: here everything is started at boot. */
function started(config: Config): Config {
  return { ...config, interfaces: config.interfaces.map((iface) => ({ ...iface, start: "boot" })) };
}

writingLaws(
  ifupdown,
  hostConfig(sayable, ["match", "optional", "dhcp", "portOptions", "hooks", "metric"])
    .map((config) => started(plainHost(config)))
    // A backslash at the end of a line would join it with the next: such a name is told as lost. One with a # behind a blank is read
    // as it was meant, with the question whether a comment was.
    .filter(({ interfaces }) => interfaces.every(({ wifi }) => !/\\$|\s#/.test(wifi?.ssid ?? ""))),
);

function textOf(config: Config): string {
  return ifupdown.render(config).files.get(path) ?? "";
}

/** Secrets by their text, and what the form of a stanza settles by itself: a port is at least brought up. */
function comparable(config: Config): unknown {
  const shown = (iface: Interface) => {
    const psk = iface.wifi?.psk;
    return {
      ...iface,
      ...(psk !== undefined && "inline" in psk ? { wifi: { ...iface.wifi, psk: psk.inline.reveal() } } : {}),
    };
  };
  return { bonds: config.bonds, interfaces: config.interfaces.map(shown) };
}

describe("the ifupdown dialect", () => {
  test("reads back what it wrote, for every configuration it can say without loss", () => {
    let lossless = 0;
    fc.assert(
      fc.property(saneConfig(sayable), (config) => {
        const rendered = ifupdown.render(config);
        const back = ifupdown.parse(rendered.files).config;
        if (rendered.losses.length > 0) return;
        lossless++;
        expect(comparable(back)).toEqual(comparable(config));
      }),
      { numRuns: 150 },
    );
    expect(lossless).toBeGreaterThan(50);
  });

  test("says the same of the same, however hostile the configuration", () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const text = textOf(config);
        expect(textOf(ifupdown.parse(new Map([[path, text]])).config)).toBe(text);
      }),
      { numRuns: 120 },
    );
  });

  test("lets no value become a line of its own", () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const names = new Set([
          ...config.bonds.map((bond) => bond.name),
          ...config.interfaces.map((iface) => iface.name),
        ]);
        for (const line of textOf(config).split("\n")) {
          const [word = "", name = ""] = line.split(" ");
          if (line === "" || line.startsWith("#") || line.startsWith("    ")) continue;
          expect(word).toMatch(/^(auto|allow-\S+|iface|no-auto-down|no-scripts)$/);
          expect([...names, ...config.bonds.flatMap((bond) => bond.ports)]).toContain(name);
        }
      }),
      { numRuns: 120 },
    );
  });

  test("a method that only looks like one is none, the second time too", () => {
    const once = textOf(ifupdown.parse(new Map([[path, "iface eth0 inet dhcp\u2028\nfoo bar\nmtu 1400\n"]])).config);
    expect(textOf(ifupdown.parse(new Map([[path, once]])).config)).toBe(once);
  });

  test("takes any text, in one file or in several that source each other", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "auto a b",
        "iface a inet static",
        "iface b inet manual",
        "iface a inherits b",
        "bond-master b",
        "bond-slaves a b",
        "bond-mode 1",
        "address 1.2.3.4",
        "source *",
        "source-directory .",
        "mapping *",
        "\\",
        "allow-b a",
        "up true",
      ),
    );
    const text = fc.array(line, { maxLength: 30 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 2 }), (one, other, maxBonds) => {
        const parsed = ifupdown.parse(
          new Map([
            [path, one],
            ["/etc/network/x", other],
          ]),
          { maxBonds },
        );
        for (const { at } of parsed.diagnostics) {
          const length = (at?.file === path ? one : other).length;
          expect(at === undefined || (at.start >= 0 && at.start <= at.end && at.end <= length)).toBe(true);
        }
        ifupdown.render(parsed.config);
      }),
      { numRuns: 200 },
    );
  });

  // A tenth to a third of a second on a machine with nothing else to do; what grows with the square takes minutes.
  test.each([
    ["continuation lines", "\\\n"],
    ["backslashes", "\\"],
    ["NUL bytes", "\0"],
    ["stanzas of one name", "iface a inet static\naddress 1.2.3.4\n"],
    ["inheriting stanzas", "iface a inet manual inherits a\nx 1\n"],
    ["bonds over one port", "auto b\niface b inet manual\nbond-slaves a\n"],
    ["ports of a missing bond", "auto a\niface a inet manual\nbond-master b\n"],
    ["globs", "source *a*a*a*a*b\n"],
    ["patterns", "auto /*a*a*\n"],
    ["words", "auto a a a a a a a a a a a a a a a\n"],
    ["brackets", "source [[[[[[[[[[[[[[[[\n"],
    ["no-scripts", "no-scripts *a*\niface x inet manual\n"],
  ])("reads a megabyte of %s in linear time", (_, unit) => {
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    const start = process.cpuUsage();
    ifupdown.parse(new Map([[path, text]]));
    expect(cpuMs(start)).toBeLessThan(hostileBoundMs);
  });

  test("reads a megabyte of different bonds, each with its port, in linear time", () => {
    const many = Array.from(
      { length: 8000 },
      (_, i) =>
        `auto b${i}\niface b${i} inet manual\nbond-slaves p${i} all\nbond-mode 1\nauto p${i}\niface p${i} inet manual\nbond-master b${i}\nbond-mode 1\n`,
    ).join("");
    const start = process.cpuUsage();
    ifupdown.parse(new Map([[path, many]]));
    expect(cpuMs(start)).toBeLessThan(hostileBoundMs);
  });
});
