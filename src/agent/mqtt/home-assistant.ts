import type { MqttCommand } from "../../model/notify.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import { eventTypes } from "./state.ts";
import type { Topics } from "./topics.ts";

/** One entity, in the words of Home Assistant's MQTT integration. */
export type Component = Readonly<Record<string, unknown>> & { readonly platform: string };

/** What Home Assistant learns of a host: one device with all its entities. Source: its documentation of the MQTT integration,
 *  "Device discovery payload" (since 2024.11). */
export interface Discovery {
  readonly device: Readonly<Record<string, unknown>>;
  readonly origin: Readonly<Record<string, unknown>>;
  readonly availability_topic: string;
  readonly state_topic: string;
  readonly qos: 1;
  readonly components: Readonly<Record<string, Component>>;
}

/** Of which host, and what may be ordered. */
export interface DiscoveryFacts {
  readonly topics: Topics;
  readonly host: string;
  readonly version: string;
  readonly commands: readonly MqttCommand[];
  readonly status: StatusDocument;
}

/** The device of a host. Entities are named so that their ids can be guessed: sensor.nas_active_port. */
export function discovery({ topics, host, version, commands, status }: DiscoveryFacts): Discovery {
  const entities = [
    ...general(topics),
    ...status.ports.map(({ name }) => portEntity(topics, name)),
    ...status.paths.flatMap(({ port, target }) => pathEntities(topics, port, target)),
    ...(status.internet === undefined ? [] : [internetEntity]),
    ...(status.ups === undefined ? [] : upsEntities(topics, status.ups.name)),
    ...(commands.includes("pin") ? [pinEntity(topics, status)] : []),
    ...(commands.includes("drill") ? [drillEntity(topics)] : []),
    ...(commands.length > 0 ? [answerEntity(topics)] : []),
  ];
  return {
    device: {
      identifiers: [topics.id],
      name: host,
      manufacturer: "Holdfast",
      model: modelOf(status),
      sw_version: version,
    },
    origin: { name: "Holdfast", sw_version: version },
    availability_topic: topics.availability,
    state_topic: topics.state,
    qos: 1,
    components: named(topics.id, entities),
  };
}

/** The same device without entities it had: what only says its platform is taken away. */
export function withoutVanished(now: Discovery, before: unknown): Discovery | undefined {
  const had = Object.entries(componentsOf(before)).filter(([id]) => !Object.hasOwn(now.components, id));
  if (had.length === 0) return undefined;
  const gone = had.map(([id, { platform }]) => [id, { platform }] as const);
  return { ...now, components: { ...now.components, ...Object.fromEntries(gone) } };
}

function componentsOf(document: unknown): Readonly<Record<string, Component>> {
  const { components } = (typeof document === "object" && document !== null ? document : {}) as {
    components?: unknown;
  };
  if (typeof components !== "object" || components === null) return {};
  const all = Object.entries(components as Record<string, { platform?: unknown } | null>);
  return Object.fromEntries(
    all.flatMap(([id, one]) => (typeof one?.platform === "string" ? [[id, { platform: one.platform }]] : [])),
  );
}

interface Entity {
  /** What its id is made of. */
  readonly key: string;
  readonly component: Component;
}

/** Ids of small letters, digits and _; two things that would share one are numbered. */
function named(device: string, entities: readonly Entity[]): Readonly<Record<string, Component>> {
  const components: Record<string, Component> = {};
  for (const { key, component } of entities) {
    const base = key.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
    let id = base;
    for (let number = 2; Object.hasOwn(components, id); number++) id = `${base}_${number}`;
    components[id] = { ...component, unique_id: `${device}_${id}` };
  }
  return components;
}

function modelOf({ bond, ports }: StatusDocument): string {
  return bond === null ? "bond" : `${bond.name} over ${ports.map(({ name }) => name).join(", ")}`;
}

/** A value of the state document. What is null there is unknown to Home Assistant. */
function value(path: string): { readonly value_template: string } {
  return { value_template: `{{ value_json.${path} }}` };
}

/** A value of a part that may be null as a whole. */
function valueIn(part: string, name: string): { readonly value_template: string } {
  return { value_template: `{{ value_json.${part}.${name} if value_json.${part} else none }}` };
}

/** Jinja writes truth so. */
const truth = { payload_on: "True", payload_off: "False" };
const untruth = { payload_on: "False", payload_off: "True" };

function attributes(topics: Topics, template: string): Readonly<Record<string, string>> {
  return { json_attributes_topic: topics.state, json_attributes_template: template };
}

function sensor(key: string, name: string, more: Readonly<Record<string, unknown>>): Entity {
  return { key, component: { platform: "sensor", name, ...more } };
}

function binary(key: string, name: string, more: Readonly<Record<string, unknown>>): Entity {
  return { key, component: { platform: "binary_sensor", name, ...more } };
}

const milliseconds = { device_class: "duration", unit_of_measurement: "ms", suggested_display_precision: 0 };
const measured = { state_class: "measurement" };

function general(topics: Topics): readonly Entity[] {
  const lacking = `{{ {"usable": value_json.usable, "declared": value_json.declared, "missing": value_json.missing} | tojson }}`;
  const part = (name: string): Readonly<Record<string, string>> =>
    attributes(topics, `{{ (value_json.${name} or {}) | tojson }}`);
  return [
    sensor("active_port", "Active port", { ...value("active"), icon: "mdi:lan-connect" }),
    sensor("active_since", "Active since", { ...value("active_since"), device_class: "timestamp" }),
    binary("redundancy", "Redundancy", {
      ...value("redundancy_lost"),
      ...truth,
      device_class: "problem",
      ...attributes(topics, lacking),
    }),
    sensor("usable_ports", "Usable ports", { ...value("usable"), ...measured, icon: "mdi:expansion-card" }),
    sensor("last_outage", "Last outage", { ...valueIn("outage", "lasted_ms"), ...milliseconds, ...part("outage") }),
    sensor("last_failover", "Last failover", {
      ...valueIn("failover", "at"),
      device_class: "timestamp",
      ...part("failover"),
    }),
    sensor("last_failover_cause", "Last failover cause", {
      ...valueIn("failover", "because"),
      icon: "mdi:comment-question-outline",
    }),
    sensor("last_drill", "Last drill", { ...valueIn("drill", "at"), device_class: "timestamp", ...part("drill") }),
    sensor("last_drill_outage", "Last drill outage", { ...valueIn("drill", "outage_ms"), ...milliseconds }),
    {
      key: "event",
      component: {
        platform: "event",
        name: "Event",
        state_topic: topics.event,
        event_types: eventTypes,
        icon: "mdi:history",
      },
    },
  ];
}

/** A text as Jinja reads it: its strings are written as JSON's are. */
const quoted = JSON.stringify;

function portEntity(topics: Topics, port: string): Entity {
  return binary(`port ${port}`, `Port ${port}`, {
    ...value(`ports[${quoted(port)}].usable`),
    ...truth,
    device_class: "connectivity",
    ...attributes(topics, `{{ value_json.ports[${quoted(port)}] | tojson }}`),
  });
}

function pathEntities(topics: Topics, port: string, target: string): readonly Entity[] {
  const key = `paths[${quoted(`${port} ${target}`)}]`;
  const name = `${port} to ${target}`;
  return [
    binary(`path ${port} ${target}`, `Path ${name}`, {
      ...value(`${key}.alive`),
      ...truth,
      device_class: "connectivity",
      ...attributes(topics, `{{ value_json.${key} | tojson }}`),
    }),
    sensor(`rtt ${port} ${target}`, `Round trip ${name}`, {
      ...value(`${key}.rtt_ms`),
      ...milliseconds,
      ...measured,
      suggested_display_precision: 1,
    }),
  ];
}

const internetEntity = binary("internet", "Internet", {
  ...value("internet"),
  ...truth,
  device_class: "connectivity",
});

function upsEntities(topics: Topics, name: string): readonly Entity[] {
  return [
    // Its name says what is wrong, as that of redundancy does: on is the trouble.
    binary("mains", `UPS ${name} on battery`, {
      ...valueIn("ups", "mains"),
      ...untruth,
      device_class: "problem",
      ...attributes(topics, "{{ (value_json.ups or {}) | tojson }}"),
    }),
    sensor("ups_charge", `UPS ${name} charge`, {
      ...valueIn("ups", "charge_percent"),
      ...measured,
      device_class: "battery",
      unit_of_measurement: "%",
    }),
    sensor("ups_runtime", `UPS ${name} run time`, {
      ...valueIn("ups", "runtime_s"),
      ...measured,
      device_class: "duration",
      unit_of_measurement: "s",
    }),
  ];
}

function pinEntity(topics: Topics, { ports }: StatusDocument): Entity {
  const component = {
    platform: "select",
    name: "Traffic through",
    ...value("order"),
    command_topic: topics.pin,
    options: ["auto", ...ports.map(({ name }) => name)],
    icon: "mdi:pin",
  };
  return { key: "pin", component };
}

function drillEntity(topics: Topics): Entity {
  const component = {
    platform: "button",
    name: "Start a drill",
    command_topic: topics.drill,
    payload_press: "start",
    // A press that is obeyed cuts every port once.
    entity_category: "config",
    icon: "mdi:flask-outline",
  };
  return { key: "drill", component };
}

function answerEntity(topics: Topics): Entity {
  return sensor("answer", "Last order", {
    state_topic: topics.answer,
    value_template: "{{ value_json.said }}",
    entity_category: "diagnostic",
    icon: "mdi:message-reply-text-outline",
  });
}
