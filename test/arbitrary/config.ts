import fc from "fast-check";
import { type Bond, Secret, type Wifi } from "../../src/model/bond.ts";
import { type Config, emptyConfig, type Interface, type IpSettings } from "../../src/model/config.ts";
import { type BondOptions, modes, type OptionName, optionNames, optionRow } from "../../src/model/options.ts";

/** Any value the table allows for an option, as the model holds it. */
export function optionValue(option: OptionName, ports: readonly string[]): fc.Arbitrary<unknown> {
  const row = optionRow(option);
  switch (row.kind) {
    case "int":
      return fc.integer({ min: row.min, max: Math.min(row.max, 100_000) });
    case "flag":
      return fc.constantFrom(0, 1);
    case "choice":
      return fc.constantFrom(...Object.keys(row.choices));
    case "list":
      return fc.uniqueArray(row.items === "ipv4" ? ipv4 : ipv6, { minLength: 1, maxLength: 3 });
    case "mac":
      return mac;
    case "port":
      return ports.length === 0 ? fc.constant("eth0") : fc.constantFrom(...ports);
  }
}

const byte = fc.integer({ min: 0, max: 255 });
export const ipv4 = fc.tuple(fc.integer({ min: 1, max: 223 }), byte, byte, byte).map((bytes) => bytes.join("."));
export const ipv6 = fc
  .array(fc.integer({ min: 1, max: 0xffff }), { minLength: 7, maxLength: 7 })
  .map((words) => `2001:${words.map((word) => word.toString(16)).join(":")}`);
export const mac = fc
  .array(byte, { minLength: 5, maxLength: 5 })
  .map((bytes) => ["02", ...bytes.map((one) => one.toString(16).padStart(2, "0"))].join(":"));

/** One line of text without white space at its ends: shell commands, SSIDs, values of unknown options. */
export const line = fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/).filter((text) => !text.startsWith("ip "));
/** Text nobody should put there: line feeds, NUL bytes, comment signs, backslashes at the end, lone surrogates. */
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "a\nauto evil",
    "x\\",
    "#",
    "a # b",
    " lead",
    "trail ",
    "",
    "\0",
    "a\n\nb",
    "`id`",
    "\\\niface evil inet manual",
    "\r\nauto evil",
  ),
);

/** Names of interfaces a host may have, bonds apart. */
const linkNames = ["eth0", "eth1", "em1", "wlan0", "enx0011", "usb0"] as const;

/** Options that hold together: nothing the kernel refuses, nothing one of them undoes. */
export function bondOptionsFor(ports: readonly string[], names: readonly OptionName[]): fc.Arbitrary<BondOptions> {
  return fc
    .tuple(
      fc.constantFrom(...(Object.keys(modes) as (keyof typeof modes)[])),
      fc.constantFrom("miimon", "arp", "none"),
      fc.boolean(),
    )
    .chain(([mode, monitor, sayMode]) => {
      const effective = sayMode ? mode : "balance-rr";
      const monitors: readonly string[] =
        monitor === "miimon"
          ? ["miimon", "updelay", "downdelay"]
          : monitor === "arp"
            ? ["arp_interval", "arp_ip_target", "arp_validate"]
            : [];
      const usable = names.filter((name) => {
        if (name === "mode" || (name === "primary" && ports.length === 0)) return false;
        const row = optionRow(name);
        const isMonitor = ["miimon", "updelay", "downdelay", "arp_interval", "arp_ip_target", "arp_validate"].includes(
          name,
        );
        return (!isMonitor || monitors.includes(name)) && (row.modes as readonly string[]).includes(effective);
      });
      const values = Object.fromEntries(usable.map((name) => [name, optionValue(name, ports)]));
      return fc.record(values, { requiredKeys: [] }).map((said) => {
        const rest =
          monitor === "miimon" && !(Number(said["miimon"]) > 0)
            ? without(said, ["updelay", "downdelay", "miimon"])
            : said;
        return { ...rest, ...(sayMode ? { mode } : {}) } as BondOptions;
      });
    });
}

function without(said: object, keys: readonly string[]): object {
  return Object.fromEntries(Object.entries(said).filter(([key]) => !keys.includes(key)));
}

/** An address with its prefix length. */
export function cidr(family: "inet" | "inet6"): fc.Arbitrary<string> {
  return fc
    .tuple(family === "inet" ? ipv4 : ipv6, fc.integer({ min: 8, max: family === "inet" ? 32 : 128 }))
    .map(([one, bits]) => `${one}/${bits}`);
}

/** Settings of one family. */
function ip(family: "inet" | "inet6"): fc.Arbitrary<IpSettings> {
  const address = family === "inet" ? ipv4 : ipv6;
  const subnet = cidr(family);
  const routes = fc.array(
    fc.record(
      { to: fc.oneof(fc.constant("default"), subnet), via: address, metric: fc.integer({ min: 0, max: 9999 }) },
      { requiredKeys: ["to"] },
    ),
    { minLength: 1, maxLength: 2 },
  );
  const fixed = fc.record(
    {
      method: fc.constant("static" as const),
      addresses: fc.uniqueArray(subnet, { minLength: 1, maxLength: 3 }),
      gateway: address,
      metric: fc.integer({ min: 0, max: 9999 }),
      routes,
    },
    { requiredKeys: ["method", "addresses"] },
  );
  const plain = fc.constantFrom<IpSettings["method"]>("manual", "dhcp").map((method) => ({ method, addresses: [] }));
  return fc.oneof(
    fixed,
    plain,
    fc.record({ method: fc.constant("manual" as const), addresses: fc.constant([]), routes }),
  );
}

const none: IpSettings = { method: "none", addresses: [] };

const wifi: fc.Arbitrary<Wifi> = fc.record(
  {
    ssid: line,
    psk: line.map((text) => ({ inline: new Secret(text) })),
    settings: fc.dictionary(fc.constantFrom("key_mgmt", "scan_ssid", "bssid"), line, { minKeys: 1 }),
  },
  { requiredKeys: ["ssid"] },
) as fc.Arbitrary<Wifi>;

const whens = ["pre-up", "up", "post-up", "down", "pre-down", "post-down"] as const;

function iface(name: string): fc.Arbitrary<Interface> {
  const words = fc.uniqueArray(ipv4, { minLength: 1, maxLength: 3 });
  return fc
    .record(
      {
        start: fc.constantFrom<Interface["start"]>("boot", "hotplug", "manual"),
        families: fc.oneof(
          ip("inet").map((ipv4) => ({ ipv4, ipv6: none })),
          fc.record({ ipv4: ip("inet"), ipv6: ip("inet6") }),
        ),
        dns: fc.record({ servers: words, search: fc.constantFrom([], ["lan.example"], ["a.example", "b.example"]) }),
        mtu: fc.integer({ min: 576, max: 9000 }),
        mac,
        wifi,
        hooks: fc.array(fc.record({ when: fc.constantFrom(...whens), command: line }), { maxLength: 3 }),
        extra: fc.uniqueArray(
          fc.record({ key: fc.constantFrom("description", "x-color", "ethtool-wol", "scope"), value: line }),
          { selector: (one) => one.key, maxLength: 3 },
        ),
      },
      { requiredKeys: ["start", "families", "hooks", "extra"] },
    )
    .map(({ families, ...rest }) => ({ name, ...families, ...rest }) as Interface);
}

/** A configuration a person could mean: up to two bonds over distinct links, options that hold together, values that are values.
 *  `options` narrows the bonding options to those a dialect can say. No uplinks, targets, objectives or topology. */
export function saneConfig(optionsToUse: readonly OptionName[] = optionNames): fc.Arbitrary<Config> {
  return fc.shuffledSubarray([...linkNames], { minLength: 1 }).chain((links) =>
    fc.tuple(fc.integer({ min: 0, max: links.length }), fc.integer({ min: 0, max: 2 })).chain(([cut, count]) => {
      const shares = [links.slice(0, cut), links.slice(cut)].slice(0, count);
      const bonds = shares.map(
        (ports, index): fc.Arbitrary<Bond> =>
          bondOptionsFor(ports, optionsToUse).map((said) => ({ name: `bond${index}`, ports, options: said })),
      );
      const described = fc
        .subarray(links)
        .chain((some) => fc.tuple(...[...shares.map((_, index) => `bond${index}`), ...some].map(iface)));
      return fc
        .record({ bonds: fc.tuple(...bonds), interfaces: described })
        .map(({ bonds: all, interfaces }) => ({ ...emptyConfig, bonds: all, interfaces }));
    }),
  );
}

/** Any Config the types allow, hostile texts in every place that takes text. */
export const anyConfig: fc.Arbitrary<Config> = fc
  .record({
    bonds: fc.array(
      fc.record({
        name: fc.oneof(fc.constantFrom("bond0", "bond1"), hostile),
        ports: fc.array(fc.oneof(fc.constantFrom(...linkNames), hostile), { maxLength: 4 }),
        options: fc.record(
          Object.fromEntries(optionNames.map((name) => [name, fc.oneof(optionValue(name, ["eth0", "eth1"]), hostile)])),
          { requiredKeys: [] },
        ),
      }),
      { maxLength: 2 },
    ),
    interfaces: fc.array(
      fc
        .constantFrom(...linkNames, "bond0", "bond0.10", "br0", "lo")
        .chain((name) => fc.oneof(iface(name), nasty(name))),
      { maxLength: 5 },
    ),
  })
  .map((parts) => ({ ...emptyConfig, ...parts }) as Config);

function nasty(name: string): fc.Arbitrary<Interface> {
  const settings = fc.record(
    {
      method: fc.constantFrom("none", "manual", "static", "dhcp", "auto", "loopback", "other"),
      addresses: fc.array(fc.oneof(hostile, fc.constant("10.0.0.1/8"))),
      gateway: hostile,
      metric: fc.oneof(fc.integer(), fc.double()),
    },
    { requiredKeys: ["method", "addresses"] },
  );
  const key = fc.oneof(
    fc.constantFrom(
      "bond-mode",
      "bond-master",
      "bond-slaves",
      "address",
      "mtu",
      "auto",
      "iface",
      "allow-bond0",
      "allow-hotplug",
      "no-scripts",
      "bridge_ports",
      "gateway",
      "hwaddress",
    ),
    hostile,
  );
  return fc.record(
    {
      name: fc.oneof({ weight: 3, arbitrary: fc.constant(name) }, { weight: 1, arbitrary: hostile }),
      match: fc.constant({ mac: "02:00:00:00:00:01" }),
      start: fc.constantFrom("boot", "hotplug", "manual"),
      ipv4: settings,
      ipv6: settings,
      dns: fc.record({ servers: fc.array(hostile), search: fc.array(hostile) }),
      mtu: fc.oneof(fc.integer(), fc.double()),
      mac: hostile,
      wifi: fc.record(
        {
          ssid: hostile,
          psk: fc.oneof(
            hostile.map((text) => ({ inline: new Secret(text) })),
            hostile.map((file) => ({ file })),
          ),
          settings: fc.dictionary(hostile, hostile),
        },
        { requiredKeys: ["ssid"] },
      ),
      vlan: fc.record({ parent: hostile, id: fc.integer() }),
      bridge: fc.record({ ports: fc.array(hostile), settings: fc.dictionary(hostile, hostile) }),
      hooks: fc.array(fc.record({ when: fc.constantFrom(...whens), command: hostile }), { maxLength: 3 }),
      extra: fc.array(
        fc.record({ key, value: fc.oneof(hostile, fc.constantFrom("yes", "bond0", "inet ppp", "1500", "none")) }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ["name", "start", "ipv4", "ipv6", "hooks", "extra"] },
  ) as fc.Arbitrary<Interface>;
}
