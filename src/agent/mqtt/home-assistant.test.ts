import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { StatusDocument } from "../../report/status-input.ts";
import { healthyStatus, troubledStatus } from "../../report/testing/statuses.ts";
import { type Discovery, discovery, withoutVanished } from "./home-assistant.ts";
import { mqttState } from "./state.ts";
import { topicsOf } from "./topics.ts";

const topics = topicsOf({}, "nas");
const told = (status: StatusDocument, commands: readonly ("pin" | "drill")[] = []): Discovery =>
  discovery({ topics, host: "nas", version: "0.1.0", commands, status });

/** The keys that Home Assistant's documentation gives each platform, as far as we use them. Unknown ones would be ignored in silence. */
const everywhere = [
  "platform",
  "name",
  "unique_id",
  "icon",
  "entity_category",
  "json_attributes_topic",
  "json_attributes_template",
];
const reading = [...everywhere, "state_topic", "value_template"];
const known: Readonly<Record<string, readonly string[]>> = {
  sensor: [...reading, "device_class", "state_class", "unit_of_measurement", "suggested_display_precision"],
  binary_sensor: [...reading, "device_class", "payload_on", "payload_off"],
  event: [...reading, "event_types"],
  select: [...reading, "command_topic", "options"],
  button: [...everywhere, "command_topic", "payload_press"],
};
const classes: Readonly<Record<string, readonly string[]>> = {
  sensor: ["duration", "timestamp", "battery"],
  binary_sensor: ["connectivity", "problem"],
};

describe("what Home Assistant learns", () => {
  it.each([
    ["healthy", told(healthyStatus)],
    ["in trouble", told(troubledStatus, ["pin", "drill"])],
  ])("is a device by its documented schema, %s", (_name, device) => {
    expect(device.device["identifiers"]).toEqual(["holdfast_nas"]);
    expect(device.origin).toMatchObject({ name: "Holdfast" });
    expect(device.availability_topic).toBe("holdfast/nas/availability");
    const components = Object.entries(device.components);
    for (const [id, component] of components) {
      expect(id).toMatch(/^[a-z0-9_]+$/);
      expect(Object.keys(component).filter((key) => !known[component.platform]?.includes(key))).toEqual([]);
      const {
        device_class: kind,
        unit_of_measurement: unit,
        state_class: state,
      } = component as Record<string, unknown>;
      if (kind !== undefined) expect(classes[component.platform]).toContain(kind);
      // A duration is one only with its unit, and a time is no measurement.
      if (kind === "duration") expect(["ms", "s"]).toContain(unit);
      if (kind === "timestamp") expect([unit, state]).toEqual([undefined, undefined]);
    }
    const ids = components.map(([, { unique_id }]) => unique_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(topics.discovery).toMatch(/^homeassistant\/device\/[a-zA-Z0-9_-]+\/config$/);
  });

  it("offers no order that isn't allowed", () => {
    const platforms = (device: Discovery): readonly string[] =>
      Object.values(device.components).map((one) => one.platform);
    expect(platforms(told(healthyStatus))).not.toEqual(expect.arrayContaining(["button"]));
    expect(platforms(told(healthyStatus))).not.toEqual(expect.arrayContaining(["select"]));
    const { pin, drill } = told(healthyStatus, ["pin", "drill"]).components;
    expect(pin).toMatchObject({ options: ["auto", "em1", "wlan0"], command_topic: "holdfast/nas/command/pin" });
    expect(drill).toMatchObject({ command_topic: "holdfast/nas/command/drill" });
  });

  it("keeps apart what only odd characters tell apart", () => {
    const [port] = healthyStatus.ports;
    const ports = ["eth0.1", "eth0_1", 'e"0'].map((name) => ({ ...port!, name }));
    const ids = Object.keys(told({ ...healthyStatus, ports }).components).filter((id) => id.startsWith("port_"));
    expect(ids).toEqual(["port_eth0_1", "port_eth0_1_2", "port_e_0"]);
  });

  it("loses entities that an earlier run had, and only those", () => {
    const [before, now] = [told(troubledStatus), told(healthyStatus)];
    expect(withoutVanished(now, now)).toBeUndefined();
    expect(withoutVanished(now, "nonsense")).toBeUndefined();
    expect(withoutVanished(now, { components: { a: null, b: 3, c: {} } })).toBeUndefined();
    const shrunk = withoutVanished(now, JSON.parse(JSON.stringify(before)));
    expect(shrunk?.components["port_usb0"]).toEqual({ platform: "binary_sensor" });
    expect(shrunk?.components["ups_charge"]).toEqual({ platform: "sensor" });
    expect(shrunk?.components["port_em1"]).toEqual(now.components["port_em1"]);
  });
});

const jinja = spawnSync("python3", ["-c", "import jinja2"]).status === 0;

/** What Jinja makes of every template of a device. */
function rendered(device: Discovery, state: object): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const program = `
import json, sys
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2 import StrictUndefined
given = json.load(sys.stdin)
env = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
out = {}
for id, one in given["components"].items():
    out[id] = {k: env.from_string(v).render(value_json=given["state"]) for k, v in one.items()
               if k.endswith("_template") and one.get("state_topic") is None}
json.dump(out, sys.stdout)`;
  const input = JSON.stringify({ components: device.components, state });
  const done = spawnSync("python3", ["-c", program], { input, encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

describe.skipIf(!jinja)(`what it shows of it${jinja ? "" : " (skipped: no python3 with jinja2)"}`, () => {
  it("is what the status says, by Jinja itself", () => {
    const failover = {
      at: Date.UTC(2025, 10, 3, 2, 12),
      from: "em1",
      to: "wlan0",
      because: "nothing answers through em1",
    };
    const status = { ...troubledStatus, proven: { at: 0, verdict: "held", outageMs: 84, cut: "carrier-em1" } } as const;
    const shown = rendered(told(status, ["pin"]), mqttState("nas", status, failover));
    const values = Object.fromEntries(Object.entries(shown).map(([id, { value_template: value }]) => [id, value]));
    expect(values).toMatchObject({
      active_port: "wlan0",
      redundancy: "True",
      usable_ports: "1",
      last_outage: "212",
      last_failover: "2025-11-03T02:12:00.000Z",
      last_failover_cause: "nothing answers through em1",
      last_drill: "1970-01-01T00:00:00.000Z",
      last_drill_outage: "84",
      port_em1: "False",
      port_wlan0: "True",
      path_em1_192_168_1_254: "False",
      rtt_em1_192_168_1_254: "None",
      path_wlan0_192_168_1_254: "True",
      rtt_wlan0_192_168_1_254: "3.1",
      mains: "False",
      ups_charge: "83",
      ups_runtime: "2040",
      pin: "wlan0",
    });
    const { redundancy, port_em1: port } = shown;
    expect(JSON.parse(redundancy?.["json_attributes_template"] ?? "")).toEqual({
      usable: 1,
      declared: 3,
      missing: ["em1", "usb0"],
    });
    expect(JSON.parse(port?.["json_attributes_template"] ?? "")).toMatchObject({
      note: "192.168.1.254 doesn't answer",
    });
  });

  it("is unknown where nothing is known, and no template stumbles", () => {
    const { ups: _, ...rest } = troubledStatus;
    const blank: StatusDocument = { ...rest, bond: null, redundancy: null, since: null, lastOutage: null };
    const shown = rendered(
      told({ ...blank, internet: { state: "unknown", since: null, targets: [] } }),
      mqttState("nas", blank, undefined),
    );
    for (const id of [
      "active_port",
      "active_since",
      "redundancy",
      "usable_ports",
      "last_outage",
      "last_failover",
      "last_drill",
      "internet",
    ])
      expect([id, shown[id]?.["value_template"]]).toEqual([id, "None"]);
  });
});
