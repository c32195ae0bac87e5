import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import { dialectNamed } from "../../src/dialects/registry.ts";
import { runLab } from "../../src/lab/boot.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { guestPackages, packageLayer } from "../../src/lab/packages.ts";
import { withDefaults } from "../../src/model/defaults.ts";
import { compilePlan } from "../../src/topology/compile-plan.ts";
import { root, textOf } from "../house/source.ts";
import { engineOrReason } from "./booting.ts";
import { bundleGuest } from "./bundle-guest.ts";

const engine = await engineOrReason();
const packages = [...guestPackages, "mosquitto", "mosquitto-clients"];
const layer = typeof engine === "string" ? undefined : await packageLayer(packages);
const missing = typeof engine === "string" ? engine : layer?.ok === false ? layer.error.message : undefined;
const runner = join(root, ".cache", `mqtt-guest-${process.pid}.mjs`);

interface Said {
  readonly failed?: string;
  readonly cutAt: number;
  readonly killedAt: number;
  readonly afterCut: string;
  readonly pinned: string;
  readonly heard: string;
  readonly log: string;
  readonly rssKb: number;
}

async function tell(): Promise<Said> {
  const declared = textOf("examples/powerline-wifi.yaml");
  const config = withDefaults(parseHoldfast("holdfast.yaml", declared).config);
  const plan = compilePlan(config);
  const lan = plan.flows.find(({ id }) => id === "lan");
  const notify = `notify: {mqtt: {url: "mqtt://${lan?.peerAddress}", prefix: holdfast/nas, commands: pin}}\n`;
  const job = {
    plan,
    clock: "virtual",
    files: {
      ...Object.fromEntries(dialectNamed("ifupdown")?.render(config).files ?? []),
      "/etc/holdfast/holdfast.yaml": `${declared}\n${notify}`,
    },
    bringUp: { manager: "ifupdown", commands: [["ifup", "-a"]] },
    drills: [],
    cli: join(process.env["HOLDFAST_HOME"] ?? root, "bin/holdfast"),
    node: lan?.peer,
    wire: plan.wires.find(({ a, b }) => a.node === "plc-a" && b.node === "plc-b")?.id,
  };
  const messages: Said[] = [];
  const onMessage = (message: unknown) => void messages.push(message as Said);
  const request = { engine: engine as Engine, job, runner, packages, memoryMb: 512, timeoutMs: 230_000, onMessage };
  const result = await runLab(request);
  const [said] = messages;
  if (said === undefined || said.failed !== undefined) throw new Error(said?.failed ?? JSON.stringify(result));
  return said;
}

describe.skipIf(missing !== undefined)(
  `a broker of the LAN, in a lab${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let said: Said;
    /** As a subscriber saw them: s since 1970 by the lab's clock, topic, text. */
    let heard: readonly { readonly at: number; readonly topic: string; readonly text: string }[];
    const on = (topic: string) => heard.filter((one) => one.topic === `holdfast/nas/${topic}`);

    beforeAll(async () => {
      await bundleGuest(root, "test/lab/mqtt-guest.ts", runner);
      said = await tell();
      heard = said.heard.split("\n").flatMap((line) => {
        const [, at, topic = "", text = ""] = /^([\d.]+) [01] (\S+) (.*)$/.exec(line) ?? [];
        return at === undefined ? [] : [{ at: Number(at) * 1_000, topic, text }];
      });
    }, 240_000);

    test("hears of a move over the port that was moved to", () => {
      expect(said.afterCut).toBe("wlan0");
      const moved = on("event").find(({ text }) => JSON.parse(text).event_type === "moved");
      expect(JSON.parse(moved?.text ?? "{}")).toMatchObject({ from: "em1", to: "wlan0", severity: "warning" });
      expect((moved?.at ?? 0) - said.cutAt).toBeLessThan(6_000);
      const state = on("state").find(({ at, text }) => at > said.cutAt && JSON.parse(text).active === "wlan0");
      expect(JSON.parse(state?.text ?? "{}")).toMatchObject({ redundancy_lost: true, failover: { from: "em1" } });
    });

    test("has traffic moved by an order, and none by nonsense", () => {
      expect(said.pinned).toBe("em1");
      const answers = on("answer").map(({ text }) => JSON.parse(text));
      expect(answers).toMatchObject([
        { taken: true },
        { taken: false, said: expect.stringContaining("no port nowhere") },
      ]);
    });

    test("calls the host offline as soon as its agent is killed, by its last will, and not when it is reloaded", () => {
      const words = on("availability");
      expect(words.map(({ text }) => text)).toEqual(["online", "offline"]);
      expect((words[1]?.at ?? 0) - said.killedAt).toBeLessThan(1_000);
    });
  },
);
