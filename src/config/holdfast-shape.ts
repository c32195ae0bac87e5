import { addressText, bondShape, cidrText, interfaceText, oneOrMore } from "./bond-shape.ts";
import { dashboardShape } from "./dashboard-shape.ts";
import { loopbackEndpoint } from "./notify-checks.ts";
import { notifyShape } from "./notify-shape.ts";
import type { FlagShape, ListShape, NamedShape, RecordShape, TextShape } from "./shape.ts";
import { probeTarget } from "./text-checks.ts";
import { topologyShape } from "./topology-shape.ts";

const metered = {
  kind: "flag",
  about: "Traffic costs money here: probe sparingly.",
  example: "true",
  fallback: "false",
} as const satisfies FlagShape;

const uplinks = {
  kind: "named",
  names: "uplink",
  about: "Ways to the Internet; only where ports lead to different routers.",
  example: "{vdsl: {port: eth0, gateway: 192.168.1.1}}",
  value: {
    kind: "record",
    about: "A way to the Internet, with the router that leads there.",
    example: "{port: eth0, gateway: 192.168.1.1}",
    required: ["port", "gateway"],
    fields: {
      port: interfaceText("The port that leads there.", "eth0"),
      gateway: addressText("The router, as seen from that port.", "192.168.1.1"),
      address: cidrText("The host's own address on this uplink, where it differs from the bond's.", "192.168.2.105/24"),
      dns: oneOrMore(
        "Name servers reached over this uplink.",
        "[192.168.1.1]",
        addressText("A name server.", "192.168.1.1"),
      ),
      metered,
      provider: {
        kind: "text",
        about: "Whose line it is: two lines of one provider fail together, and audit counts that.",
        example: "Telekom",
        expected: "a name, the same for all lines of one provider",
        pattern: "\\S",
      },
    },
  },
} as const satisfies NamedShape;

const target = {
  kind: "text",
  about: "What a probe is sent to.",
  example: "gateway",
  expected: "gateway or an IP address",
  check: probeTarget,
  pattern: "^(gateway|[0-9A-Fa-f.:]+)$",
} as const satisfies TextShape;
const targets = {
  ...oneOrMore("What probes are sent to, to judge a path.", "[gateway, 9.9.9.9]", target),
  fallback: "[gateway]",
} as const satisfies ListShape;

const objectives = {
  kind: "record",
  about: "What a rehearsal or drill must hold.",
  example: "{outage: 1s, tcp: survives}",
  required: [],
  fields: {
    outage: {
      kind: "duration",
      about: "Longest tolerated gap in a two-way flow.",
      example: "1s",
      minMs: 1,
      maxMs: 86_400_000,
      fallback: "1s",
    },
    tcp: {
      kind: "choice",
      about: "Whether an open TCP session must live through a fault.",
      example: "survives",
      words: ["survives", "may-break"],
      fallback: "survives",
    },
  },
} as const satisfies RecordShape;

const agent = {
  kind: "record",
  about: "Settings of the agent.",
  example: "{metrics: 127.0.0.1:9437}",
  required: [],
  fields: {
    metrics: {
      kind: "text",
      about: "Where Prometheus may scrape, beside the agent's socket.",
      example: "127.0.0.1:9437",
      expected: "a loopback address with a port",
      check: loopbackEndpoint,
      pattern: "^(127[0-9.]+|\\[::1\\]):[0-9]{1,5}$",
      fallback: "the socket alone",
    },
  },
} as const satisfies RecordShape;

/** All of holdfast.yaml. */
export const holdfastShape = {
  kind: "record",
  about: "A host that stays reachable over several unlike links.",
  example: "{bond: {ports: [eth0, wlan0], dhcp: true}}",
  required: [],
  foreign: {
    bonds: "Write bond: and a list of bonds.",
    ports: "Put ports under bond.",
    primary: "Put primary under bond.",
    address: "Put address under bond.",
    gateway: "Put gateway under bond.",
    devices: "Put devices under topology.",
    cables: "Put cables under topology.",
    power: "Put power under topology.",
    network: "This is netplan's: import it first.",
    interfaces: "This is nmstate's or ours: a holdfast.yaml begins with bond.",
  },
  fields: {
    bond: {
      kind: "list",
      about: "The bond, or a list of several.",
      example: "{ports: [eth0, wlan0], dhcp: true}",
      item: bondShape,
      alone: "one-may-stand-alone",
    },
    uplinks,
    targets,
    objectives,
    topology: topologyShape,
    notify: notifyShape,
    drill: { kind: "json", about: "Settings of drills.", example: "{}" },
    agent,
    dashboard: dashboardShape,
  },
} as const satisfies RecordShape;
