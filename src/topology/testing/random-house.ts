import fc from "fast-check";
import type { Cable, Config, Device } from "../../model/config.ts";
import { emptyConfig } from "../../model/config.ts";
import { anInterface, fixed } from "./houses.ts";

const kinds = [
  "router",
  "switch",
  "powerline",
  "access-point",
  "media-converter",
  "modem",
  "client",
  "server",
  "usb-hub",
] as const;
const names = ["a", "b", "c", "d", "e", "a very long device name", "ä/ö", "internet", "client", "router"];

/** Any small topology: up to three ports and six devices, cabled anyhow, loops, loose ends and odd names included. */
export const anyHouse: fc.Arbitrary<Config> = fc
  .record({
    ports: fc.uniqueArray(fc.constantFrom("eth0", "eth1", "wlan0", "enx001122334455"), { minLength: 1, maxLength: 3 }),
    names: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 6 }),
    kinds: fc.array(fc.constantFrom(...kinds), { minLength: 6, maxLength: 6 }),
    power: fc.array(fc.constantFrom("mains", "ups", "host", "barn", undefined), { minLength: 6, maxLength: 6 }),
    stp: fc.array(fc.constantFrom(2, 15, undefined), { minLength: 6, maxLength: 6 }),
    ends: fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.constantFrom("cable", "powerline", "radio")), { maxLength: 10 }),
    uplinks: fc.nat(2),
    ssid: fc.boolean(),
    addressing: fc.constantFrom("static", "dhcp", "none"),
  })
  .map((drawn): Config => {
    const devices = drawn.names.map(
      (name, n): Device => ({
        name,
        kind: drawn.kinds[n] ?? "switch",
        ...(drawn.power[n] === undefined ? {} : { power: drawn.power[n] }),
        ...(drawn.stp[n] === undefined ? {} : { stpForwardDelay: drawn.stp[n] }),
        ...(n === 0 && drawn.ssid ? { wifi: "Net" } : {}),
      }),
    );
    const ends = [...drawn.ports, ...drawn.names];
    const cables = drawn.ends.map(
      ([from, to, medium]): Cable => ({
        from: ends[from % ends.length] ?? "",
        to: ends[to % ends.length] ?? "",
        medium: medium as Cable["medium"],
      }),
    );
    const ipv4 = {
      static: fixed("10.1.0.7/24", "10.1.0.1"),
      dhcp: { method: "dhcp", addresses: [] },
      none: { method: "manual", addresses: [] },
    } as const;
    return {
      ...emptyConfig,
      bonds: [{ name: "bond0", ports: drawn.ports, options: { mode: "active-backup" } }],
      interfaces: [
        anInterface("bond0", { ipv4: ipv4[drawn.addressing as keyof typeof ipv4] }),
        ...drawn.ports.map((port) => anInterface(port, port === "wlan0" ? { wifi: { ssid: "Net" } } : {})),
      ],
      uplinks: drawn.ports.slice(0, drawn.uplinks).map((port, n) => ({ name: `up${n}`, port, gateway: "10.1.0.1" })),
      targets: ["gateway", "9.9.9.9"],
      topology: { devices, cables, power: [{ name: "ups", kind: "ups" }] },
    };
  });
