import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { packageLayer } from "../../src/lab/packages.ts";
import { lostBetween, type Ran } from "./agent/course.ts";
import { powerlineAndRadio } from "./agent/houses.ts";
import { type Built, buildForLab, runInLab } from "./agent/in-lab.ts";
import { engineOrReason } from "./booting.ts";

// The real agent, the kernel's simulated radios, the real hostapd and wpa_supplicant.
const engine = await engineOrReason();
let built: Built;
let reason: string | undefined;

beforeAll(async () => {
  if (typeof engine === "string") reason = engine;
  else if (engine.radios !== true) reason = `the engine ${engine.name} has no simulated radios`;
  else {
    const layer = await packageLayer(powerlineAndRadio(engine, "none").packages);
    if (!layer.ok) reason = layer.error.message;
  }
  if (reason === undefined) built = await buildForLab();
}, 300_000);
afterAll(() => built?.remove());
beforeEach((context) => {
  if (reason !== undefined) context.skip(reason);
});

const seconds = (count: number) => count * 1_000;

/** A step may be taken a millisecond before its moment. */
const EARLY_MS = 10;

function eventsOf(ran: Ran, from: number, to: number) {
  return ran.events.filter(({ atMs }) => atMs >= from - EARLY_MS && atMs < to - EARLY_MS);
}

/** What was told of radios, redundancy and moves, in order, without times. */
function said(ran: Ran, from: number, to: number): readonly string[] {
  return eventsOf(ran, from, to).flatMap(({ event }) => {
    if (event.what === "radio") return [`${event.port} ${event.change}`];
    if (event.what === "redundancy") return [`${event.usable} of ${event.declared}`];
    return event.what === "moved" ? [`to ${event.to}: ${event.cause}`] : [];
  });
}

async function lived(
  policy: "none" | "active" | "follow",
  steps: Parameters<typeof runInLab>[2]["steps"],
  lastsMs: number,
) {
  if (typeof engine === "string") throw new Error(engine);
  return runInLab(built, powerlineAndRadio(engine, policy), { everyMs: 10, lastsMs, steps, warmUpMs: 15_000 });
}

describe("one MAC address on both ports (fail_over_mac none)", () => {
  it("the standby radio is known by what it has joined and by the LAN it hears; it is probed only while it is used", {
    timeout: 450_000,
  }, async () => {
    const ran = await lived(
      "none",
      [
        { atMs: seconds(2), op: "look", as: "calm" },
        { atMs: seconds(5), op: "throw-out", node: "router" },
        { atMs: seconds(20), op: "change-key", node: "router" },
        { atMs: seconds(34), op: "look", as: "locked out" },
        { atMs: seconds(35), op: "restore-key", node: "router" },
        { atMs: seconds(55), op: "node-hang", node: "plc-b" },
        { atMs: seconds(60), op: "look", as: "by radio" },
        { atMs: seconds(62), op: "node-resume", node: "plc-b" },
      ],
      seconds(70),
    );
    const { calm, "locked out": locked, "by radio": used } = ran.looks;
    expect(calm?.radios["wlan0"]).toMatchObject({
      joined: true,
      ssid: "Home",
      channel: 6,
      frequencyMhz: 2437,
      signalDbm: expect.any(Number),
      provenBy: "hearing",
    });
    expect(calm?.radios["wlan0"]?.heardAgoMs).toBeLessThan(seconds(8));
    expect(calm?.radioMetrics.join("\n")).toContain('holdfast_radio_joined{port="wlan0"} 1');
    expect(said(ran, seconds(5), seconds(20))).toEqual(["wlan0 left", "1 of 2", "wlan0 joined", "2 of 2"]);
    const [left] = eventsOf(ran, seconds(5), seconds(6));
    expect((left?.atMs ?? 0) - seconds(5)).toBeLessThan(150);
    expect(said(ran, seconds(20), seconds(35))).toEqual(["wlan0 left", "1 of 2", "wlan0 refused"]);
    expect(locked?.radios["wlan0"]?.joined).toBe(false);
    expect(said(ran, seconds(35), seconds(55)).at(-1)).toBe("2 of 2");
    // Silent: em1 keeps its carrier, and the standby can't be probed.
    expect(said(ran, seconds(55), seconds(62))).toContain("to wlan0: path-dead");
    expect(lostBetween(ran, "lan", seconds(55), seconds(62)) * 10).toBeLessThanOrEqual(1_500);
    expect(used).toMatchObject({ active: "wlan0", radios: { wlan0: { provenBy: "probes" } } });
  });

  it("an access point that has lost its own cable is no redundancy, though its radio goes on", {
    timeout: 450_000,
  }, async () => {
    const ran = await lived(
      "none",
      [
        { atMs: seconds(5), op: "unbridge", wire: "wlan0", end: "b" },
        { atMs: seconds(40), op: "look", as: "deaf" },
        { atMs: seconds(41), op: "rebridge", wire: "wlan0", end: "b" },
      ],
      seconds(60),
    );
    expect(said(ran, seconds(5), seconds(60))).toEqual(["wlan0 unheard", "1 of 2", "wlan0 heard", "2 of 2"]);
    expect(ran.looks["deaf"]?.notes["wlan0"]).toContain("isn't heard");
    expect(lostBetween(ran, "lan", 0, seconds(60))).toBe(0);
  });
});

describe("each port with its own MAC address (fail_over_mac active)", () => {
  it("the standby radio is probed like a cable, and harms nobody; a silent death is left within 1.5 s, carrier loss at once", {
    timeout: 450_000,
  }, async () => {
    const ran = await lived(
      "active",
      [
        { atMs: seconds(2), op: "look", as: "calm" },
        { atMs: seconds(5), op: "throw-out", node: "router" },
        { atMs: seconds(25), op: "node-hang", node: "plc-b" },
        { atMs: seconds(30), op: "node-resume", node: "plc-b" },
        { atMs: seconds(31), op: "order", path: "/reselect" },
      ],
      seconds(40),
    );
    expect(ran.looks["calm"]).toMatchObject({
      radios: { wlan0: { provenBy: "probes", joined: true } },
      notes: { wlan0: "" },
    });
    expect(said(ran, seconds(5), seconds(25))).toEqual(["wlan0 left", "1 of 2", "wlan0 joined", "2 of 2"]);
    expect(lostBetween(ran, "lan", 0, seconds(25))).toBe(0);
    expect(said(ran, seconds(25), seconds(30))).toContain("to wlan0: path-dead");
    expect(lostBetween(ran, "lan", seconds(25), seconds(30)) * 10).toBeLessThanOrEqual(1_500);
  });
});

describe("an address that is carried to the next port (fail_over_mac follow)", () => {
  it("nothing counts on the radio, and why is told", { timeout: 450_000 }, async () => {
    const ran = await lived("follow", [{ atMs: seconds(2), op: "look", as: "calm" }], seconds(5));
    expect(ran.looks["calm"]).toMatchObject({ radios: { wlan0: { provenBy: "nothing" } } });
    expect(ran.looks["calm"]?.notes["wlan0"]).toContain("follow");
    expect(ran.events.map(({ event }) => event)).toContainEqual(
      expect.objectContaining({ what: "redundancy", usable: 1, missing: ["wlan0"] }),
    );
  });
});
