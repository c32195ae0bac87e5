import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { compilePlan } from "../../src/topology/compile-plan.ts";
import type { LabPlan, WireEnd } from "../../src/topology/lab-plan.ts";
import { lostBetween, type Ran } from "./agent/course.ts";
import { powerlineAndRadio } from "./agent/houses.ts";
import { type Built, buildForLab, type InLab, runInLab } from "./agent/in-lab.ts";
import { withRadios } from "./wifi/by-radio.ts";

// Two access points of one network: the one that the radio has joined dies, and it joins the other. On request.
const isWanted = process.env["HOLDFAST_LONG"] !== undefined;

const yaml = `bond:
  primary: em1
  fail_over_mac: active
  ports: [em1, {name: wlan0, wifi: {ssid: Home, psk: {file: home.psk}}}]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
topology:
  devices:
    router: {kind: router, address: 192.168.1.254/24}
    near: {kind: access-point, wifi: Home}
    far: {kind: access-point}
  cables:
    - em1 – router
    - near – router
    - far – router
`;

let engine: Engine;
let built: Built;
withRadios(
  (found) => {
    engine = found;
  },
  async () => ({ config: parseHoldfast("holdfast.yaml", yaml).config }),
);
beforeAll(async () => {
  if (isWanted) built = await buildForLab();
}, 300_000);
afterAll(() => built?.remove());

/** A plan has one access point of a network. The other stands on another channel, for a neighbour's radio that does nothing. */
function withSecondPoint(plan: LabPlan): LabPlan {
  const first = plan.wires.find(({ radio }) => radio !== undefined);
  if (first?.radio === undefined) throw new Error("the plan has no radio");
  const at = (end: WireEnd, node: string, dev: string, last: string): WireEnd => ({
    ...end,
    node,
    dev,
    mac: `02:00:00:00:0f:${last}`,
  });
  const neighbour = { name: "neighbour", addresses: [], routes: [], forwards: false, masquerade: [] };
  const wire = {
    id: "neighbour",
    a: at(first.a, "neighbour", "wlan9", "01"),
    b: at(first.b, "far", "wlan8", "02"),
    radio: { ...first.radio, channel: 11 },
  };
  return { ...plan, nodes: [...plan.nodes, neighbour], wires: [...plan.wires, wire] };
}

function twoPoints(): InLab {
  const plan = withSecondPoint(compilePlan(parseHoldfast("holdfast.yaml", yaml).config, "radios"));
  return { ...powerlineAndRadio(engine, "active"), yaml, plan };
}

/** What was told of the radio and of redundancy between two moments. */
function told(ran: Ran, from: number, to: number): readonly string[] {
  return ran.events.flatMap(({ atMs, event }) => {
    if (atMs < from || atMs >= to) return [];
    if (event.what === "radio") return [event.change];
    return event.what === "redundancy" ? [`${event.usable} of ${event.declared}`] : [];
  });
}

describe.skipIf(!isWanted)("two access points of one network (set HOLDFAST_LONG)", () => {
  it("the one that was joined dies: the radio joins the other, is no standby until it has shown that it works, and all is told", {
    timeout: 900_000,
  }, async () => {
    const ran = await runInLab(built, twoPoints(), {
      everyMs: 10,
      lastsMs: 90_000,
      warmUpMs: 15_000,
      steps: [
        { atMs: 1_000, op: "look", as: "before" },
        { atMs: 2_000, op: "node-off", node: "near" },
        { atMs: 2_000, op: "node-off", node: "far" },
        { atMs: 2_100, op: "node-on", node: "far" },
        { atMs: 30_000, op: "look", as: "standby on far" },
        { atMs: 31_000, op: "node-on", node: "near" },
        // And the same while the radio is all there is.
        { atMs: 50_000, op: "wire-down", wire: "em1" },
        { atMs: 55_000, op: "node-off", node: "far" },
        { atMs: 62_500, op: "look", as: "just back" },
        { atMs: 80_000, op: "look", as: "alone on near" },
      ],
    });
    const at = (as: string) => ran.looks[as]?.radios["wlan0"];
    expect([at("standby on far")?.joined, at("alone on near")?.joined]).toEqual([true, true]);
    expect(at("standby on far")?.bssid).not.toBe(at("alone on near")?.bssid);
    const standby = told(ran, 2_000, 31_000);
    expect(standby, standby.join()).toEqual(["left", "1 of 2", "joined", "2 of 2"]);
    const left = ran.events.find(({ atMs, event }) => atMs > 2_000 && event.what === "radio");
    // The kernel misses its beacons for that long.
    expect((left?.atMs ?? Number.POSITIVE_INFINITY) - 2_000).toBeLessThan(2_500);
    expect(lostBetween(ran, "lan", 0, 49_900)).toBe(0);
    expect(lostBetween(ran, "lan", 55_000, 90_000) * 10).toBeLessThan(9_000);
    // It carries everything again, and isn't trusted yet: that is what is told, and not that nobody answers.
    expect(ran.looks["just back"]?.notes["wlan0"]).toMatch(/^192\.168\.1\.254 answers again, not yet for long enough$/);
    expect(lostBetween(ran, "lan", 70_000, 90_000)).toBe(0);
  });
});
