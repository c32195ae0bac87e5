import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unaccounted } from "../../src/dialects/account.ts";
import { ifupdown2 } from "../../src/dialects/ifupdown2/ifupdown2.ts";
import { readOptionNames } from "../../src/dialects/ifupdown2/read-bond.ts";
import { hostConfig } from "../arbitrary/host-config.ts";
import { plainHost } from "../dialects/plain-host.ts";
import { realProgram } from "../dialects/real-program.ts";
import { corpusCases } from "./cases.ts";
import { corpusMissing } from "./corpus.ts";

const path = "/etc/network/interfaces";
const cases = corpusCases("ifupdown2");
const threads = cases.filter(({ kind }) => kind === "thread-case");
const pairs = cases.filter(({ kind }) => kind === "peer-pair");

interface Stanza {
  readonly name: string;
  readonly auto?: boolean;
  readonly addr_method?: string;
  readonly config?: Readonly<Record<string, string | readonly string[]>>;
}

interface Pair {
  readonly input: { readonly interfaces: string };
  readonly ifquery_ac: Readonly<Record<string, readonly Stanza[]>>;
}

function textOf(files: ReadonlyMap<string, string>): string {
  return [...files.values()][0] ?? "";
}

describe.skipIf(corpusMissing !== undefined)(`the corpus of ifupdown2 ${corpusMissing ?? ""}`, () => {
  test.each(threads.map((one) => [one.id, one] as const))(
    "%s is read, and written anew with every loss told",
    (_, one) => {
      const { config } = ifupdown2.parse(new Map([[path, textOf(one.files)]]));
      expect(config.bonds.map(({ name }) => name)).toEqual(["bond0"]);
      expect(unaccounted(ifupdown2, config, ifupdown2.render(config))).toEqual([]);
    },
  );

  test("a thread's ARP monitor is told to be without effect", () => {
    const case2 = threads.find(({ id }) => id === "thread-case-ifupdown2-002");
    const { diagnostics } = ifupdown2.parse(new Map([[path, textOf(case2?.files ?? new Map())]]));
    expect(diagnostics.map(({ message }) => message).join("\n")).toMatch(/bond-arp-interval.*\n.*bond-arp-ip-target/);
  });

  test.each(pairs.map((one) => [one.id, one] as const))(
    "%s: its own tests see the same interfaces, ports and modes",
    (_, one) => {
      const pair = JSON.parse(textOf(one.files)) as Pair;
      const { config } = ifupdown2.parse(new Map([[path, pair.input.interfaces]]));
      const [answer = []] = Object.values(pair.ifquery_ac);
      for (const { name, auto, config: said = {} } of answer) {
        const iface = config.interfaces.find((other) => other.name === name);
        expect(iface, name).toBeDefined();
        if (auto === true) expect(iface?.start, name).toBe("boot");
        const bond = config.bonds.find((other) => other.name === name);
        const ports = said["bond-slaves"];
        // What no running bond has is shown as None.
        if (typeof ports === "string" && ports !== "None") expect(bond?.ports.join(" "), name).toBe(ports);
        if (said["bond-mode"] !== undefined) expect(bond?.options.mode, name).toBe(said["bond-mode"]);
      }
    },
  );
});

/** It reads alone; it conflicts with ifupdown, so it is seldom installed. */
const ifquery = await realProgram({
  variable: "HOLDFAST_IFQUERY2",
  paths: ["usr/share/ifupdown2/__main__.py"],
  packages: ["ifupdown2"],
});

/** The command that has Python run something of its: unpacked, it has its own settings in their place, which no other process sees. */
function asInstalled(...words: readonly string[]): readonly [string, ...string[]] {
  if (ifquery?.root === "/") return ["python3", ...words];
  const script = 'mount -t overlay etc -o "lowerdir=$0/etc:/etc" /etc && exec python3 "$@"';
  return ["unshare", "--mount", "--map-root-user", "sh", "-c", script, ifquery?.root ?? "", ...words];
}

/** Containers and hardened machines may refuse the namespaces for that. */
function isRunnable(): boolean {
  const [program, ...words] = asInstalled("-c", "pass");
  return spawnSync(program, words, { stdio: "ignore" }).status === 0;
}

describe.skipIf(ifquery === undefined || !isRunnable())(
  "the real ifquery of ifupdown2 (HOLDFAST_IFQUERY2 names it)",
  () => {
    test("takes what is written without a word, and sees the same ports and addresses", () => {
      const folder = mkdtempSync(join(tmpdir(), "holdfast-ifquery2-"));
      // It knows what is asked of it by the name it is called by.
      symlinkSync(ifquery?.path ?? "", join(folder, "ifquery"));
      const [program, ...before] = asInstalled(join(folder, "ifquery"));
      try {
        fc.assert(
          fc.property(hostConfig(readOptionNames, ["match", "hooks"]).map(plainHost), (config) => {
            const rendered = ifupdown2.render(config);
            const file = join(folder, "interfaces");
            writeFileSync(file, rendered.files.get(path) ?? "");
            const names = config.interfaces.map(({ name }) => name);
            const said = execFileSync(program, [...before, ...names, "-o", "json", "-i", file], {
              encoding: "utf8",
              stdio: ["ignore", "pipe", "ignore"],
            });
            const stanzas = JSON.parse(said) as readonly Stanza[];
            const back = ifupdown2.parse(rendered.files).config;
            for (const { name, ports } of back.bonds)
              expect(stanzas.find((one) => one.name === name)?.config?.["bond-slaves"]).toBe(ports.join(" "));
            for (const { name, ipv4, ipv6 } of back.interfaces) {
              const found = stanzas
                .filter((one) => one.name === name)
                .flatMap(({ config: one }) => one?.["address"] ?? []);
              expect(found.toSorted()).toEqual([...ipv4.addresses, ...ipv6.addresses].toSorted());
            }
          }),
          { numRuns: 10 },
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    }, 120_000);
  },
);
