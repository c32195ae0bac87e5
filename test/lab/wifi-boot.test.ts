import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RehearsalInput } from "../../src/cli/rehearse/read-rehearsal.ts";
import { hostInLab } from "../../src/cli/rehearse/run-rehearsal.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { compilePlan } from "../../src/topology/compile-plan.ts";
import { radioKeys } from "../../src/topology/radios.ts";
import { lostBetween, type Ran } from "./agent/course.ts";
import { type Built, buildForLab, type InLab, runInLab } from "./agent/in-lab.ts";
import { examples, firstArticle, lookAt, radios, readHouse, withRadios } from "./wifi/by-radio.ts";

// The power was gone, and the host is quicker than its access point: that is away when the host boots, and comes a minute later.
// One manager in every test run, the others on request.
const yaml = readFileSync(join(examples, "powerline-wifi.yaml"), "utf8");
const subjects = {
  networkd: { path: "powerline-wifi.yaml", manager: "networkd" },
  ifupdown: firstArticle,
  ifupdown2: { path: "powerline-wifi.yaml", manager: "ifupdown2" },
  networkmanager: { path: "powerline-wifi.yaml", manager: "networkmanager" },
} as const;
const managers =
  process.env["HOLDFAST_LONG"] === undefined
    ? (["networkd"] as const)
    : (["networkd", "ifupdown", "ifupdown2", "networkmanager"] as const);

let engine: Engine;
let built: Built;
withRadios(
  (found) => {
    engine = found;
  },
  async () => lookAt(await readHouse(firstArticle)),
);
beforeAll(async () => {
  built = await buildForLab();
}, 300_000);
afterAll(() => built?.remove());

/** hostapd takes its network off the air, beacons and all, or offers it. */
const accessPoint = (word: "disable" | "enable") => [
  "sh",
  "-c",
  `hostapd_cli -p /run/hostapd -i "$(ls /run/hostapd)" ${word}`,
];

function withoutAccessPoint(input: RehearsalInput): InLab {
  const { files, modes, bringUp, packages } = hostInLab(input, radios);
  return {
    engine,
    yaml,
    plan: compilePlan(input.config, "radios"),
    bringUp: { ...bringUp, commands: [accessPoint("disable"), ...bringUp.commands] },
    files,
    ...(modes === undefined ? {} : { modes }),
    ...(packages === undefined ? {} : { packages }),
    radioKeys: radioKeys(input.config),
    timeoutMs: 400_000,
  };
}

const back = 50_000;
/** Until it is proven. wpa_supplicant by itself looks every five seconds; NetworkManager ever more seldom, two minutes at last. */
const patience = { networkd: 15_000, ifupdown: 15_000, ifupdown2: 15_000, networkmanager: 135_000 } as const;
/** A step may be taken a little before its moment. */
const early = 100;

function told(ran: Ran, from: number, to: number): readonly string[] {
  return ran.events.flatMap(({ atMs, event }) => {
    if (atMs < from || atMs >= to) return [];
    if (event.what === "radio") return [event.change];
    if (event.what === "redundancy") return [`${event.usable} of ${event.declared}`];
    return event.what === "moved" ? [`to ${event.to}`] : [];
  });
}

describe("a host that boots while its access point is away", () => {
  it.each(managers)(
    "is up by its cable, and once there is a network its radio is a proven standby: %s",
    {
      timeout: 900_000,
    },
    async (manager) => {
      const silence = back + patience[manager];
      const ran = await runInLab(built, withoutAccessPoint(await readHouse(subjects[manager])), {
        everyMs: 10,
        lastsMs: silence + 10_000,
        steps: [
          { atMs: 1_000, op: "look", as: "alone" },
          { atMs: back, op: "run", command: accessPoint("enable") },
          { atMs: silence - 1_000, op: "look", as: "both" },
          // The cable keeps its carrier: nobody moves to a radio that hasn't shown that it works.
          { atMs: silence, op: "node-hang", node: "plc-b" },
          { atMs: silence + 5_000, op: "node-resume", node: "plc-b" },
        ],
      });
      expect(ran.looks["alone"]?.active).toBe("em1");
      // NetworkManager takes a radio into the bond only once it has found its network.
      expect(ran.looks["alone"]?.radios["wlan0"]?.joined ?? false).toBe(false);
      expect(told(ran, -20_000, back).at(-1)).toBe("1 of 2");
      const events = told(ran, back, silence);
      expect(events.at(-1), events.join()).toBe("2 of 2");
      if (manager !== "networkmanager") expect(events).toEqual(["joined", "2 of 2"]);
      expect(lostBetween(ran, "lan", 0, silence - early)).toBe(0);
      expect(told(ran, silence, silence + 5_000)).toContain("to wlan0");
      expect(lostBetween(ran, "lan", silence, silence + 5_000) * 10).toBeLessThanOrEqual(1_500);
    },
  );
});
