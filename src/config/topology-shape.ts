import { cidrText } from "./bond-shape.ts";
import { parseCableText } from "./cables.ts";
import { parseNutAddress } from "./nut-address.ts";
import type { RecordShape, TextShape } from "./shape.ts";
import { wifiOfDevice } from "./wifi-offer.ts";

const cable = {
  kind: "text",
  about: "Two or more ends, and between them – (cable), ~ (powerline) or ))) (radio).",
  example: "eth0 – switch",
  expected: 'a cable such as "eth0 – switch", "plc-a ~ plc-b" or "wlan0 ))) router"',
  pattern: "^\\S+(\\s+(–|—|-|--|~|\\)\\)\\))\\s+\\S+)+$",
  check: (text) => {
    const read = parseCableText(text);
    return read.ok ? undefined : { message: read.error, hint: "Put blanks around – (or -, --), ~ or )))." };
  },
} as const satisfies TextShape;

const device = {
  kind: "record",
  about: "A device between the host and the Internet, or beside it.",
  example: "{kind: router, power: ups}",
  required: [],
  foreign: {
    type: "Write kind: KIND.",
    ip: "Write address: ADDRESS/PREFIX.",
    ssid: "Write wifi: SSID.",
    ups: "Write power: ups.",
  },
  fields: {
    kind: {
      kind: "choice",
      about: "What it is.",
      example: "router",
      words: [
        "router",
        "switch",
        "powerline",
        "access-point",
        "usb-hub",
        "media-converter",
        "modem",
        "client",
        "server",
      ],
    },
    power: {
      kind: "text",
      about:
        "What feeds it: mains, ups, host, or a name under topology.power. Not said: it never fails with the mains.",
      example: "ups",
      expected: "mains, ups, host or a declared name",
    },
    wifi: wifiOfDevice,
    stp: {
      kind: "either",
      about: "Spanning tree runs on its ports: true, or the forward delay (2s to 30s).",
      example: "true",
      of: [
        { kind: "flag", about: "Spanning tree with the standard's 15 s.", example: "true" },
        {
          kind: "record",
          about: "Spanning tree.",
          example: "{forwardDelay: 2s}",
          required: [],
          fields: {
            forwardDelay: {
              kind: "duration",
              about: "Time a port listens, and again learns, before it forwards.",
              example: "2s",
              minMs: 2000,
              maxMs: 30_000,
              fallback: "15s",
            },
          },
        },
      ],
    },
    address: cidrText("Its address in the LAN (routers, servers).", "192.168.1.1/24"),
    dhcp: { kind: "flag", about: "It gives out addresses.", example: "true", fallback: "false" },
    dns: { kind: "flag", about: "It answers DNS questions.", example: "true", fallback: "false" },
  },
} as const satisfies RecordShape;

/** What the host hangs on. */
export const topologyShape = {
  kind: "record",
  about: "What the host hangs on: devices, cables and power. Feeds rehearsals, audit and the picture.",
  example: "{devices: {router: {kind: router}}, cables: [eth0 – router]}",
  required: [],
  foreign: {
    links: "Write cables: [eth0 – router].",
    wires: "Write cables: [eth0 – router].",
    nodes: "Write devices: {router: {kind: router}}.",
  },
  fields: {
    devices: {
      kind: "named",
      names: "device",
      about: "Devices by name. One called host stands for this machine, to say its power.",
      example: "{router: {kind: router}}",
      value: device,
    },
    cables: {
      kind: "list",
      about: "What is connected to what; ends are ports of the host or devices.",
      example: "[eth0 – router]",
      item: cable,
      alone: "one-may-stand-alone",
    },
    power: {
      kind: "named",
      names: "power source",
      about: "Power sources. mains and ups need no declaration unless there is more to say.",
      example: "{ups: {runtime: 40m}}",
      value: {
        kind: "record",
        about: "A power source.",
        example: "{runtime: 40m}",
        required: [],
        fields: {
          kind: {
            kind: "choice",
            about: "What it is.",
            example: "ups",
            words: ["mains", "ups", "other"],
            fallback: "its name, ups where it has a runtime or nut, else other",
          },
          runtime: {
            kind: "duration",
            about: "How long a UPS carries its load without the mains.",
            example: "40m",
            minMs: 1000,
            maxMs: 30 * 86_400_000,
          },
          nut: {
            kind: "text",
            about:
              "Its name at a server of Network UPS Tools, as upsc is told it. The agent asks there, without a password.",
            example: "apc@localhost",
            expected: "a UPS of NUT, such as apc, apc@localhost or apc@192.168.1.4:3493",
            check: (text) =>
              parseNutAddress(text) === undefined
                ? { message: `"${text}" names no UPS of NUT`, hint: "Write NAME@HOST, as for upsc: apc@localhost." }
                : undefined,
          },
        },
      },
    },
    failures: {
      kind: "named",
      names: "thing that fails",
      about:
        "How often a device, a port's cable, an uplink, a provider or a power source fails, for audit. Not said: its own table.",
      example: "{mains: {every: 180d, for: 2h}}",
      value: {
        kind: "record",
        about: "How often, and for how long.",
        example: "{every: 180d, for: 2h}",
        required: ["every", "for"],
        fields: {
          every: {
            kind: "duration",
            about: "Mean time from one failure to the next.",
            example: "180d",
            minMs: 60_000,
            maxMs: 36_525 * 86_400_000,
          },
          for: {
            kind: "duration",
            about: "Mean time until it works again.",
            example: "2h",
            minMs: 1,
            maxMs: 365 * 86_400_000,
          },
        },
      },
    },
  },
} as const satisfies RecordShape;
