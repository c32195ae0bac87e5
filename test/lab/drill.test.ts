import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import { runLab } from "../../src/lab/boot.ts";
import { chooseEngine } from "../../src/lab/engines.ts";
import { guestPackages } from "../../src/lab/packages.ts";
import { probeEngine } from "../../src/lab/probe.ts";
import type { Rehearsal } from "../../src/measure/rehearsal.ts";
import { networkDigest } from "../../src/store/rehearsals.ts";
import { root } from "../house/source.ts";
import { bundleGuest } from "./bundle-guest.ts";
import { behindRouter, houseYaml } from "./drill/house.ts";
import { bondByHand } from "./two-switches.ts";

// Virtual time: what this machine is busy with doesn't show in milliseconds.
const chosen = await chooseEngine("uml-tt");
const probed = chosen.ok ? await probeEngine(chosen.value) : undefined;
const reason = missing();
const place = join(root, ".cache", `drill-lab-${process.pid}`);
const hasTshark = spawnSync("tshark", ["--version"], { stdio: "ignore" }).status === 0;
/** The agent's own part takes half a minute of processor time more. */
const isLong = process.env["HOLDFAST_LONG"] === "1";

function missing(): string {
  if (!chosen.ok) return chosen.error.message;
  if (probed !== undefined) return probed.message;
  return spawnSync("tcpdump", ["--version"]).status === 0 ? "" : "tcpdump is not installed";
}

/** What a rehearsal of the house left on the host. */
const promised = { kind: "carrier", expected: "survives", uncertaintyMs: 1, verdict: "held", at: 0, repeats: 1 };
const gaps = { outageMs: { toHost: 71, fromHost: 60 }, reselectMs: { toHost: 0, fromHost: 0 } };
const digest = networkDigest(parseHoldfast("holdfast.yaml", `# The house\n${houseYaml}`).config);
const rehearsed = {
  [`/var/lib/holdfast/rehearsals/${digest}.json`]: JSON.stringify({
    kernel: [{ ...promised, ...gaps, id: "cable-em1" }],
    withAgent: [],
  }),
};

interface Seen {
  readonly out: string;
  readonly err: string;
  readonly tookMs: number;
  readonly same: boolean;
  /** The captures' comments, as tshark shows them. */
  readonly marks: string;
  readonly page: string;
  readonly gapMs: { readonly fromHost: number; readonly toHost: number };
}

async function play<T>(more: object, packages: readonly string[] = []): Promise<T> {
  if (!chosen.ok) throw new Error(reason);
  const byHand = bondByHand({ miimon: 100 });
  const commands = [...byHand.commands, ["ip", "route", "add", "default", "via", "192.168.1.254"]];
  const messages: unknown[] = [];
  const result = await runLab({
    engine: chosen.value,
    runner: join(place, "guest.mjs"),
    packages,
    memoryMb: 512,
    timeoutMs: 290_000,
    job: {
      plan: behindRouter(),
      clock: "virtual",
      files: { "/etc/holdfast/holdfast.yaml": houseYaml, ...rehearsed },
      bringUp: { ...byHand, commands },
      drills: [],
      words: [],
      cli: join(place, "bin/holdfast"),
      ...more,
    },
    onMessage: (message) => messages.push(message),
  });
  const [said] = messages as (T & { readonly failed?: string })[];
  if (said === undefined || said.failed !== undefined) throw new Error(said?.failed ?? JSON.stringify(result));
  return said;
}

describe.skipIf(reason !== "")(
  `a drill of a live host, in a lab${reason === "" ? "" : ` (skipped: ${reason})`}`,
  () => {
    beforeAll(async () => {
      mkdirSync(place, { recursive: true });
      // As it is now, whatever is built meanwhile.
      for (const part of ["bin", "dist", "package.json"])
        cpSync(join(root, part), join(place, part), { recursive: true });
      await bundleGuest(root, "test/lab/drill/guest.ts", join(place, "guest.mjs"));
    });
    afterAll(() => rmSync(place, { recursive: true, force: true }));

    test("two ports in less than a minute, measured as captures at both ends have it, and all is as it was", async () => {
      const seen = await play<Seen>({ scene: "whole" });
      const drilled = JSON.parse(seen.out) as Rehearsal;
      expect(drilled).toMatchObject({ engine: "live", verdict: "held" });
      expect(drilled.scenarios.map(({ id }) => id)).toEqual(["carrier-em1", "carrier-em2", "silent-em2"]);
      expect(drilled.notes.join()).toContain("no silent death was tried on em1");
      expect(seen).toMatchObject({ same: true });
      expect(seen.tookMs).toBeLessThan(60_000);
      const [first] = drilled.scenarios;
      // The rehearsal of the same file, written otherwise.
      expect(first?.forecast).toMatchObject({ scenario: "cable-em1", outageMs: 71, kept: true });
      for (const direction of ["fromHost", "toHost"] as const) {
        const own = first?.flows.find((flow) => flow.flow === "peer" && flow.direction === direction)?.outageMs;
        // The kernel looks at the carrier every 100 ms: never longer out of reach than that, and a packet's time.
        expect(seen.gapMs[direction]).toBeLessThan(120);
        expect(Math.abs((own ?? Number.NaN) - seen.gapMs[direction])).toBeLessThanOrEqual(10);
      }
      expect(first?.tcp.survived).toBe(true);
      // Each port's packets, with the moments of the cut and of the switch on them.
      if (hasTshark) {
        expect(seen.marks).toMatch(/^em[12]\t.*cut: em1 is set down/m);
        expect(seen.marks).toMatch(/^em2\t.*switch: em2 is the active port/m);
        expect(seen.marks).toMatch(/^em[12]\t.*mended: ip link set dev em1 up/m);
      }
      // Of the other port nothing hung.
      expect(drilled.scenarios.slice(1).map(({ outageMs }) => outageMs)).toEqual([
        { toHost: 0, fromHost: 0 },
        { toHost: 0, fromHost: 0 },
      ]);
    }, 300_000);

    test("a drill that is killed is undone within a second, and one that would strand the host is refused", async () => {
      const seen = await play<{
        readonly early: object;
        readonly ends: readonly object[];
        readonly refusals: readonly object[];
      }>({
        scene: "killed",
      });
      expect(seen.ends).toHaveLength(3);
      for (const end of seen.ends) {
        expect(end).toMatchObject({ wasCut: true, left: false, same: true });
        expect((end as { readonly restoredAfterMs: number }).restoredAfterMs).toBeLessThan(1_000);
      }
      expect(seen.early).toMatchObject({
        code: "3",
        err: expect.stringMatching(/no drill: this host was booted \d+ s ago/),
      });
      const says = (text: string) => ({ code: "3", same: true, err: expect.stringContaining(text) });
      expect(seen.refusals).toMatchObject([
        says("em2 could not carry traffic"),
        says("under way and not confirmed"),
        says("em2 has carrier, but 192.168.1.254 answered 0 of 10 questions through it"),
        says("another drill is under way"),
      ]);
    }, 300_000);

    test("where tc can't, nft drops: what stands on the ports stays, and a killed drill is undone", async () => {
      const seen = await play<Seen & { readonly killed: object }>({ scene: "nft" }, guestPackages);
      if (seen.out === "") throw new Error(seen.err);
      const drilled = JSON.parse(seen.out) as Rehearsal;
      // Nothing here notices a silent death: what is cut was asked for, and stays cut for as long as it is watched.
      expect(drilled.scenarios.map(({ id, outageMs }) => [id, outageMs.toHost])).toEqual([
        ["silent-em1", null],
        ["silent-em2", 0],
      ]);
      const commands = drilled.scenarios.flatMap(({ events }) => events.map(({ text }) => text)).join();
      expect(commands).toContain("nft delete table netdev holdfast_drill");
      expect(seen.same).toBe(true);
      expect(seen.killed).toMatchObject({ wasCut: true, left: false, same: true });
      expect((seen.killed as { readonly restoredAfterMs: number }).restoredAfterMs).toBeLessThan(1_000);
    }, 300_000);

    test("by a router that answers no echoes, and then with IPv6 alone, the outage is measured all the same", async () => {
      type Alone = Pick<Seen, "out" | "err" | "same"> & { readonly gapMs: number };
      const { four, six } = await play<{ readonly four: Alone; readonly six: Alone }>({ scene: "shy" });
      for (const seen of [four, six]) {
        if (seen.out === "") throw new Error(seen.err);
        const drilled = JSON.parse(seen.out) as Rehearsal;
        expect(drilled.notes.join()).toContain("the gateway is asked for its MAC address instead");
        expect(seen.same).toBe(true);
        expect(drilled).toMatchObject({ verdict: "held", scenarios: [{ id: "carrier-em1" }] });
        expect(Math.abs((drilled.scenarios[0]?.stats.worst ?? Number.NaN) - seen.gapMs)).toBeLessThanOrEqual(10);
      }
    }, 300_000);

    test.runIf(isLong)(
      "without systemd cron drills, when its time has come",
      async () => {
        const seen = await play<{ readonly kept: string }>({ scene: "cron" }, [...guestPackages, "cron"]);
        expect(seen).toMatchObject({
          left: false,
          same: true,
          line: expect.stringMatching(/^\d+ \d+ \* \* \* root /m),
        });
        expect(JSON.parse(seen.kept)).toMatchObject({ verdict: "held", cuts: [{ id: "carrier-em2" }] });
      },
      300_000,
    );

    test.runIf(isLong)(
      "with the agent a silent death of the active port is drilled too, and it goes back when asked",
      async () => {
        const seen = await play<Seen>({ scene: "whole", agent: { plan: "", patienceMs: 0 }, words: ["--port", "em1"] });
        const drilled = JSON.parse(seen.out) as Rehearsal;
        expect(drilled).toMatchObject({ verdict: "held", agent: true });
        expect(drilled.scenarios.map(({ id }) => id)).toEqual(["carrier-em1", "silent-em1"]);
        expect(seen).toMatchObject({ same: true });
        const silent = drilled.scenarios[1];
        expect(silent?.stats.worst).toBeLessThan(300);
        expect(Math.abs((silent?.outageMs.fromHost ?? Number.NaN) - seen.gapMs.fromHost)).toBeLessThanOrEqual(10);
      },
      300_000,
    );
  },
);
