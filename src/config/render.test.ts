import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret } from "../model/bond.ts";
import type { Config, Device, Interface, WifiOffer } from "../model/config.ts";
import { emptyConfig } from "../model/config.ts";
import { bondWithDefaults, withDefaults } from "../model/defaults.ts";
import type { BondOptions } from "../model/options.ts";
import { parseHoldfast } from "./parse-holdfast.ts";
import { renderHoldfast, spellOutKernelDefaults } from "./render.ts";

const examples = join(import.meta.dirname, "../../examples");

const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const byte = fc.integer({ min: 1, max: 240 });
const portName = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,12}$/);
const deviceName = fc.stringMatching(/^[A-Z][A-Za-z0-9_-]{0,10}$/).filter((name) => !["Mains", "Ups"].includes(name));
const words = fc.oneof(
  fc.constantFrom("no", "0123", "1:30", "null", "~", "a: b", "# x", "é—", "[x", "'", '"', "*a", "\u0085", "%A", "- a"),
  fc.string({ minLength: 1, maxLength: 8 }),
);
const mac = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
  .map(([first = 0, ...rest]) => [first & 0xfe, ...rest].map((part) => part.toString(16).padStart(2, "0")).join(":"));
const sparse = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

const options: fc.Arbitrary<BondOptions> = fc
  .record({
    miimon: some(fc.integer({ min: 0, max: 100_000 })),
    updelay: some(fc.integer({ min: 0, max: 1_000_000 })),
    fail_over_mac: some(fc.constantFrom("none", "active", "follow")),
    arp_ip_target: some(
      fc.uniqueArray(
        byte.map((last) => `10.0.0.${last}`),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    ns_ip6_target: some(fc.constant(["2001:db8::1"])),
    all_slaves_active: some(fc.constantFrom(0, 1)),
    lp_interval: some(fc.integer({ min: 1, max: 100 })),
    num_peer_notif: some(fc.integer({ min: 0, max: 255 })),
  })
  .map(sparse) as fc.Arbitrary<BondOptions>;

const network = fc.record({
  host: byte,
  dns: some(byte),
  v6: fc.constantFrom("none", "auto", "dhcp", "static"),
  dhcp: fc.boolean(),
  mtu: some(fc.integer({ min: 68, max: 9000 })),
  mac: some(mac),
  search: fc.boolean(),
});

function bondInterface(
  name: string,
  said: {
    readonly host: number;
    readonly dns: number | undefined;
    readonly v6: string;
    readonly dhcp: boolean;
    readonly mtu: number | undefined;
    readonly mac: string | undefined;
    readonly search: boolean;
  },
): Interface {
  const v6 = said.v6 as Interface["ipv6"]["method"];
  return sparse({
    name,
    start: "boot" as const,
    ipv4: said.dhcp
      ? { method: "dhcp" as const, addresses: [], metric: 10 }
      : {
          method: "static" as const,
          addresses: [`10.0.0.${said.host}/24`],
          gateway: said.host === 1 ? "10.0.0.2" : "10.0.0.1",
          routes: [{ to: "10.9.0.0/16", via: "10.0.0.3", metric: 5 }],
        },
    ipv6:
      v6 === "static"
        ? { method: v6, addresses: ["2001:db8::5/64"], gateway: "fe80::1", ...(said.dhcp ? { metric: 10 } : {}) }
        : { method: v6, addresses: [], ...(said.dhcp && v6 !== "none" ? { metric: 10 } : {}) },
    hooks: [],
    extra: [],
    dns:
      said.dns === undefined && !said.search
        ? undefined
        : { servers: said.dns === undefined ? [] : [`10.0.0.${said.dns}`], search: said.search ? ["lan"] : [] },
    mtu: said.mtu,
    mac: said.mac,
  }) as Interface;
}

const port = (name: string) =>
  fc
    .record({
      ssid: some(words),
      match: some(mac),
      mtu: some(fc.constant(1492)),
      start: fc.constantFrom("boot", "hotplug", "manual"),
    })
    .map(
      (said): Interface =>
        sparse({
          name,
          start: said.start,
          ipv4: { method: "manual", addresses: [] },
          ipv6: { method: "none", addresses: [] },
          hooks: [],
          extra: [],
          match: said.match === undefined ? undefined : { mac: said.match },
          mtu: said.mtu,
          wifi:
            said.ssid === undefined
              ? undefined
              : { ssid: said.ssid, psk: { file: "secrets/w.psk" }, settings: { scan_ssid: "1" } },
        }) as Interface,
    );

const offers: fc.Arbitrary<WifiOffer> = fc
  .record({
    security: some(fc.constantFrom("wpa2", "wpa3-sae", "wpa2-wpa3", "open")),
    hidden: some(fc.boolean()),
    band: fc.constantFrom("5GHz"),
    channel: some(fc.constantFrom(36, 149)),
    country: some(fc.constantFrom("GB", "NO")),
    clientIsolation: some(fc.boolean()),
    macFilter: some(fc.constant(["02:00:00:00:00:0a"])),
  })
  .map((said) => sparse(said) as WifiOffer);

const device = (name: string): fc.Arbitrary<Device> =>
  fc
    .record({
      kind: fc.constantFrom("router", "switch", "powerline"),
      power: some(fc.constantFrom("mains", "ups", "host")),
      stpForwardDelay: some(fc.constantFrom(2, 15, 4.5)),
      dhcp: some(fc.boolean()),
      wifi: some(words),
      offers: some(offers),
    })
    .map(({ offers, ...said }) => sparse({ name, ...said, ...(said.wifi ? { offers } : {}) }) as Device);

const config: fc.Arbitrary<Config> = fc
  .tuple(
    fc.uniqueArray(portName, { minLength: 2, maxLength: 3 }),
    fc.uniqueArray(deviceName, { minLength: 1, maxLength: 3 }),
  )
  .chain(([ports, devices]) =>
    fc
      .record({
        options,
        network,
        primary: fc.constantFrom(undefined, ...ports),
        ports: fc.tuple(...ports.map(port)),
        devices: fc.tuple(...devices.map(device)),
        prio: some(fc.integer({ min: -5, max: 5 })),
        metered: some(fc.boolean()),
        nut: some(
          fc.constantFrom(
            { ups: "apc", host: "localhost", port: 3493 },
            { ups: "apc", host: "2001:db8::1", port: 65_535 },
            { ups: "a.b_c-d", host: "nas.example", port: 1 },
          ),
        ),
        runtimeMs: some(fc.constantFrom(2_400_000, 90_000)),
        topology: fc.boolean(),
      })
      .map((said): Config => {
        const bond = sparse({
          name: "BOND0",
          ports,
          options: sparse({ ...said.options, primary: said.primary }),
          portOptions: said.prio === undefined ? undefined : { [ports[0]!]: { prio: said.prio } },
        });
        return sparse({
          bonds: [bond],
          interfaces: [bondInterface("BOND0", said.network), ...said.ports],
          uplinks: [sparse({ name: "dsl", port: ports[0]!, gateway: "10.0.0.250", metered: said.metered })],
          targets: ["gateway", "9.9.9.9"],
          objectives: { outageMs: 1500, tcp: "may-break" as const },
          topology: said.topology
            ? {
                // A network nobody radiates is a problem of its own.
                devices: [...said.devices, { name: "AP", kind: "access-point" as const, wifi: "X" }],
                cables: [
                  { from: ports[0]!, to: devices[0]!, medium: "cable" as const },
                  ...ports.slice(1).map((from) => ({ from, to: "AP", medium: "radio" as const })),
                ],
                power: [sparse({ name: "ups", kind: "ups" as const, runtimeMs: said.runtimeMs, nut: said.nut })],
              }
            : undefined,
          sections: {
            notify: {
              ntfy: { url: { file: "secrets/topic" }, severity: "warning" as const },
              mail: { to: ["a@b.example"], server: "mx.example", port: 2525 },
              command: { run: "/usr/local/bin/told", timeout: 90_000 },
            },
            drill: { often: [1, null] },
            agent: { metrics: "127.0.0.1:9437" },
          },
        }) as Config;
      }),
  );

describe("writing a configuration and reading it back", () => {
  test("gives the same configuration", () => {
    fc.assert(
      fc.property(config, (said) => {
        const { text, losses } = renderHoldfast(said);
        const read = parseHoldfast("h", text);
        expect(losses).toEqual([]);
        expect(read.diagnostics.filter((one) => one.code !== "bad-value" || !one.message.includes("32 bytes"))).toEqual(
          [],
        );
        expect(read.config).toEqual(said);
        expect(renderHoldfast(read.config).text).toBe(text);
      }),
      { numRuns: 150 },
    );
  });

  test.each(["vdsl-lte", "powerline-wifi", "two-switches-stp", "dhcp-single-router", "reference"])(
    "holds for the example %s",
    (name) => {
      const { config: said } = parseHoldfast("h", readFileSync(join(examples, `${name}.yaml`), "utf8"));
      const { text, losses } = renderHoldfast(said);
      expect(losses).toEqual([]);
      expect(parseHoldfast("h", text).config).toEqual(said);
    },
  );
});

describe("an end of a cable", () => {
  test.each(["&", "#up", "a:", "*", "a'b", '"', "[x]", "!"])("called %s is still one when read again", (end) => {
    const { config: said } = parseHoldfast("h", `topology: {cables: [${JSON.stringify(`eth0 – ${end} – r`)}]}`);
    expect(said.topology?.cables.map(({ to }) => to)).toEqual([end, "r"]);
    expect(parseHoldfast("h", renderHoldfast(said).text).config.topology).toEqual(said.topology);
  });
});

describe("what cannot be said", () => {
  const bare: Interface = {
    name: "w",
    start: "boot",
    ipv4: { method: "manual", addresses: [] },
    ipv6: { method: "none", addresses: [] },
    hooks: [],
    extra: [],
  };
  const withPort = (one: Interface): Config => ({
    ...emptyConfig,
    bonds: [{ name: "b", ports: ["w"], options: {} }],
    interfaces: [one],
  });

  test("a secret in clear is a loss, and never written", () => {
    const secret = "correct-horse-battery";
    const { text, losses } = renderHoldfast(
      withPort({ ...bare, wifi: { ssid: "X", psk: { inline: new Secret(secret) } } }),
    );
    expect(losses.map((loss) => loss.message)).toEqual(["w: a holdfast.yaml cannot say a pass phrase in clear"]);
    expect(text + JSON.stringify(losses)).not.toContain(secret);
  });

  test("commands, unknown settings, VLANs and foreign interfaces are named", () => {
    const { losses } = renderHoldfast({
      ...withPort({ ...bare, hooks: [{ when: "up", command: "x" }], extra: [{ key: "y", value: "z" }] }),
      interfaces: [
        { ...bare, hooks: [{ when: "up", command: "x" }], extra: [{ key: "y", value: "z" }] },
        { ...bare, name: "eth9" },
        { ...bare, name: "lo", ipv4: { method: "loopback", addresses: [] } },
      ],
    });
    expect(losses.map((loss) => loss.message)).toEqual([
      "w: a holdfast.yaml cannot say the command under up",
      "w: a holdfast.yaml cannot say the setting y",
      "eth9: a holdfast.yaml cannot say an interface that is no bond and no port of one",
    ]);
  });
});

test("a file made from another language's keeps the kernel's meaning", () => {
  const imported: Config = { ...emptyConfig, bonds: [{ name: "b", ports: ["w"], options: {} }] };
  const bond = parseHoldfast("h", renderHoldfast(spellOutKernelDefaults(imported)).text).config.bonds[0]!;
  expect(bondWithDefaults(bond).options).toEqual({ mode: "balance-rr", miimon: 0 });
});

test("one MAC address for a cable and a radio stays one, where another language's silence said so", () => {
  const none = { method: "none", addresses: [] } as const;
  const radio: Interface = {
    name: "w",
    start: "boot",
    ipv4: none,
    ipv6: none,
    hooks: [],
    extra: [],
    wifi: { ssid: "Home" },
  };
  const bond = { name: "b", ports: ["w"], options: { mode: "active-backup" } } as const;
  const imported: Config = { ...emptyConfig, interfaces: [radio], bonds: [bond] };
  const { text } = renderHoldfast(spellOutKernelDefaults(imported));
  expect(withDefaults(parseHoldfast("h", text).config).bonds[0]?.options.fail_over_mac).toBe("none");
  expect(withDefaults(imported).bonds[0]?.options.fail_over_mac).toBe("active");
});
