import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { agentPlan } from "../../src/agent/plan.ts";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import { runLab } from "../../src/lab/boot.ts";
import type { BringUp } from "../../src/lab/guest/job.ts";
import type { Engine } from "../../src/lab/lab.ts";
import type { LabPlan } from "../../src/topology/lab-plan.ts";
import { engineOrReason } from "./booting.ts";
import { bondByHand, twoSwitches } from "./two-switches.ts";

const engine = await engineOrReason();
const root = fileURLToPath(new URL("../../", import.meta.url));
const runner = join(root, ".cache", `agent-guest-${process.pid}.mjs`);

const yaml = `bond:
  primary: em1
  ports: [em1, em2]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
`;

async function inLab(
  scene: string,
  options: Readonly<Record<string, string | number>> = {},
  family: 4 | 6 = 4,
): Promise<Record<string, unknown>> {
  const declared =
    family === 4 ? yaml : yaml.replace("192.168.1.254", "fd00::1").replace("192.168.1.105/24", "fd00::5/64");
  const plan = agentPlan(parseHoldfast("holdfast.yaml", declared).config);
  if (!plan.ok) throw new Error(plan.error.message);
  const messages: unknown[] = [];
  const job = {
    plan: family === 4 ? twoSwitches() : withIpv6(twoSwitches()),
    clock: "virtual",
    files: { "/etc/holdfast/holdfast.yaml": yaml },
    bringUp: withCommand(bondByHand({ miimon: 100, ...options }), ["ip", "addr", "add", "fd00::5/64", "dev", "bond0"]),
    drills: [],
    scene,
    agentPlan: plan.value,
    cli: join(root, "bin/holdfast"),
  };
  const request = { engine: engine as Engine, job, runner, packages: [], timeoutMs: 110_000 };
  const result = await runLab({ ...request, onMessage: (message) => messages.push(message) });
  if (messages.length === 0) throw new Error(JSON.stringify(result));
  const [said] = messages as Record<string, unknown>[];
  if (said?.["failed"] !== undefined) throw new Error(String(said["failed"]));
  return said ?? {};
}

function withIpv6(plan: LabPlan): LabPlan {
  const six = { dev: "br0", cidr: "fd00::1/64" };
  const nodes = plan.nodes.map((node) =>
    node.name === "router" ? { ...node, addresses: [...node.addresses, six] } : node,
  );
  return { ...plan, nodes };
}

function withCommand(bringUp: BringUp, command: readonly string[]): BringUp {
  return { ...bringUp, commands: [...bringUp.commands, command] };
}

describe.skipIf(typeof engine === "string")(
  `in a lab${typeof engine === "string" ? ` (skipped: ${engine})` : ""}`,
  () => {
    beforeAll(async () => {
      mkdirSync(join(root, ".cache"), { recursive: true });
      await build({
        entryPoints: [join(root, "test/lab/agent-guest.ts")],
        outfile: runner,
        bundle: true,
        platform: "node",
        format: "esm",
        external: ["koffi"],
        logLevel: "error",
      });
    });

    test("netlink reads and changes the bond, neighbours, addresses and routes, and refuses with a reason", async () => {
      expect(await inLab("netlink")).toEqual({
        ports: [
          ["em1", true],
          ["em2", true],
        ],
        moved: true,
        activeAfter: true,
        cleared: true,
        primaryAfter: 0,
        wrong: "EINVAL",
        learnt: "02:00:00:00:00:77",
        route: { via: "10.0.0.1", source: "10.0.0.5" },
        ips: expect.arrayContaining(["192.168.1.105/24", "10.0.0.5/24"]),
      });
    }, 120_000);

    test("ten thousand changes in a burst, more than the queue holds, end in the right state", async () => {
      const { missed, seen, after } = await inLab("burst");
      expect({ seen, after }).toEqual({ seen: 1234, after: 1500 });
      expect(missed).toBeGreaterThan(0);
    }, 120_000);

    test.each([0, 1])(
      "probing the standby teaches no switch the bond's address (fail_over_mac %i)",
      async (mode) => {
        const result = await inLab("standby", { fail_over_mac: mode });
        expect(result).toMatchObject({
          taught: false,
          control: true,
          paths: [
            ["em1", "alive"],
            ["em2", "alive"],
          ],
        });
      },
      120_000,
    );

    test("a router that has only IPv6 is probed too, through the standby without a word about ourselves", async () => {
      expect(await inLab("standby", {}, 6)).toMatchObject({
        taught: false,
        control: true,
        paths: [
          ["em1", "alive"],
          ["em2", "alive"],
        ],
      });
    }, 120_000);

    test("forged frames move nothing and cost no memory", async () => {
      const { sent, moves, active, grownMb } = await inLab("hostile");
      expect(sent).toBeGreaterThan(50_000);
      expect({ moves, active }).toEqual({ moves: 0, active: "em1" });
      expect(grownMb).toBeLessThan(16);
    }, 120_000);

    test("ports that leave and come back, options changed by hand, a bond made anew: all is told, and the watch goes on", async () => {
      const result = await inLab("upheaval");
      expect(result).toMatchObject({
        without: 1,
        back: ["em1 alive", "em2 alive"],
        gone: true,
        again: { health: ["em1 alive", "em2 alive"], active: "em1", primary: 0 },
      });
      const told = result["told"] as readonly string[];
      expect(told).toEqual(expect.arrayContaining(["port-gone", "port-back", "drift miimon", "drift primary"]));
      expect(told.filter((what) => what === "drift primary")).toHaveLength(1);
    }, 120_000);

    test("the command answers on its socket, obeys, survives kill -9 without losing an event, and gives the primary back", async () => {
      const result = await inLab("service");
      expect(result).toMatchObject({
        healthy: { source: "agent", bond: { active: "em1", primary: "em1" }, redundancy: { usable: 2, declared: 2 } },
        hasMetrics: true,
        wrong: 422,
        pinned: "em2",
        survived: true,
        primaryRestored: true,
      });
      const events = result["events"] as readonly string[];
      // Both starts, the move to the pinned port, and the one made three milliseconds before the kill.
      expect(events.filter((what) => what === "started")).toHaveLength(2);
      expect(events.filter((what) => what === "moved").length).toBeGreaterThanOrEqual(2);
      const ids = result["ids"] as readonly number[];
      // What is promised, of which Node alone takes 38.
      expect(Number(result["rssKb"]) / 1024).toBeLessThan(60);
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    }, 120_000);
  },
);
