import fc from "fast-check";
import type { Bond } from "../../src/model/bond.ts";
import { type Config, emptyConfig, type Interface, type IpSettings } from "../../src/model/config.ts";
import { type OptionName, optionNames, optionRow } from "../../src/model/options.ts";
import { bondOptionsFor, cidr, ipv4, ipv6, line, mac, optionValue } from "./config.ts";

/** Parts of a host that some languages have no words for: each is left out of the configurations when it is listed. */
export type Part =
  | "hooks"
  | "wifi"
  | "vlan"
  | "bridge"
  | "match"
  | "optional"
  | "start"
  | "portOptions"
  | "acceptRa"
  | "dhcp"
  | "routes"
  | "metric"
  | "mac"
  | "mtu"
  | "dns";

const none: IpSettings = { method: "none", addresses: [] };

/** Hosts a careful person could have: a bond or two over distinct links, addresses where addresses belong (on bonds, their VLANs and
 *  bridges, and on links that are no ports), nothing of another dialect's own. `options` narrows the bonding options, `without` the
 *  rest, to what a language can say. */
export function hostConfig(
  options: readonly OptionName[] = optionNames,
  without: readonly Part[] = [],
): fc.Arbitrary<Config> {
  const lacks = new Set(without);
  return fc.shuffledSubarray(["eth0", "eth1", "enp3s0", "wlan0", "enx00e04c680001"], { minLength: 2 }).chain((links) =>
    fc.tuple(fc.integer({ min: 1, max: links.length }), fc.integer({ min: 1, max: 2 })).chain(([cut, count]) => {
      const shares = [links.slice(0, cut), links.slice(cut)].slice(0, count).filter((ports) => ports.length > 0);
      const free = count === 1 ? links.slice(cut) : [];
      const bonds = shares.map((ports, index) => bondOver(`bond${index}`, ports, options, lacks));
      const ports = shares.flat().map((name) => portSettings(name, lacks));
      const addressed = [...shares.map((_, index) => `bond${index}`), ...free].map((name) =>
        addressedSettings(name, lacks),
      );
      return fc
        .tuple(fc.tuple(...bonds), fc.tuple(...ports, ...addressed), over(lacks))
        .map(([all, interfaces, above]) => ({ ...emptyConfig, bonds: all, interfaces: [...interfaces, ...above] }));
    }),
  );
}

function bondOver(
  name: string,
  ports: readonly string[],
  names: readonly OptionName[],
  lacks: ReadonlySet<Part>,
): fc.Arbitrary<Bond> {
  const bondWide = names.filter((option) => optionRow(option).scope === "bond" && option !== "active_slave");
  const perPort = lacks.has("portOptions") ? [] : names.filter((option) => optionRow(option).scope === "port");
  const portOptions = fc
    .dictionary(
      fc.constantFrom(...ports),
      fc.record(Object.fromEntries(perPort.map((option) => [option, optionValue(option, ports)])), {
        requiredKeys: [],
      }),
    )
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, said]) => Object.keys(said).length > 0)));
  return fc.tuple(bondOptionsFor(ports, bondWide), portOptions).map(([said, each]) => ({
    name,
    ports,
    options: said,
    ...(Object.keys(each).length === 0 ? {} : { portOptions: each }),
  }));
}

/** What may be said of any interface. */
function settings(
  name: string,
  lacks: ReadonlySet<Part>,
  more: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Interface> {
  const parts: Partial<Record<Part, fc.Arbitrary<unknown>>> = {
    mtu: fc.integer({ min: 1280, max: 9000 }),
    mac,
    optional: fc.constant(true),
    hooks: fc.array(fc.record({ when: fc.constantFrom("post-up", "pre-down"), command: line }), {
      minLength: 1,
      maxLength: 2,
    }),
  };
  const said = Object.fromEntries(Object.entries(parts).filter(([part]) => !lacks.has(part as Part)));
  const wanted: Record<string, fc.Arbitrary<unknown>> = { ...said, ...more };
  return fc
    .tuple(
      fc.record(wanted, { requiredKeys: ["ipv4", "ipv6"].filter((key) => key in more) }),
      lacks.has("start") ? fc.constant("boot") : fc.constantFrom("boot", "boot", "hotplug", "manual"),
    )
    .map(
      ([rest, start]) =>
        ({ name, start, ipv4: none, ipv6: none, hooks: [], extra: [], ...rest }) as unknown as Interface,
    );
}

function portSettings(name: string, lacks: ReadonlySet<Part>): fc.Arbitrary<Interface> {
  const isRadio = name.startsWith("wl");
  return settings(name, lacks, {
    ...(lacks.has("match") || isRadio ? {} : { match: fc.record({ mac }) }),
    ...(isRadio && !lacks.has("wifi")
      ? { wifi: fc.record({ ssid: line.filter((text) => Buffer.byteLength(text) <= 32) }) }
      : {}),
  });
}

function addressedSettings(name: string, lacks: ReadonlySet<Part>): fc.Arbitrary<Interface> {
  const dns = fc.record({
    servers: fc.uniqueArray(ipv4, { minLength: 1, maxLength: 3 }),
    search: fc.constantFrom([], ["lan.example"], ["a.example", "b.example"]),
  });
  return settings(name, lacks, {
    ipv4: family("inet", lacks),
    ipv6: family("inet6", lacks),
    ...(lacks.has("dns") ? {} : { dns }),
  });
}

/** A VLAN on the first bond, a bridge over it, both, or neither. */
function over(lacks: ReadonlySet<Part>): fc.Arbitrary<readonly Interface[]> {
  const id = fc.integer({ min: 1, max: 4094 });
  const vlan = lacks.has("vlan")
    ? fc.constant([])
    : id.chain((tag) =>
        addressedSettings(`bond0.${tag}`, lacks).map((one) => [{ ...one, vlan: { parent: "bond0", id: tag } }]),
      );
  const bridge = lacks.has("bridge")
    ? fc.constant([])
    : fc
        .record(
          { stp_state: fc.constantFrom("0", "1"), forward_delay: fc.constantFrom("2", "15") },
          { requiredKeys: [] },
        )
        .chain((said) =>
          addressedSettings("br0", lacks).map((one) => [{ ...one, bridge: { ports: ["bond0"], settings: said } }]),
        );
  return fc.tuple(fc.oneof(fc.constant([]), vlan), fc.oneof(fc.constant([]), bridge)).map((all) => all.flat());
}

function family(which: "inet" | "inet6", lacks: ReadonlySet<Part>): fc.Arbitrary<IpSettings> {
  const address = which === "inet" ? ipv4 : ipv6;
  const metric = fc.integer({ min: 1, max: 9999 });
  const route = fc.record(
    { to: cidr(which), via: address, ...(lacks.has("metric") ? {} : { metric }) },
    { requiredKeys: ["to", "via"] },
  );
  const isSix = which === "inet6";
  const more = {
    ...(lacks.has("routes")
      ? {}
      : { routes: fc.uniqueArray(route, { minLength: 1, maxLength: 2, selector: ({ to }) => to }) }),
    ...(isSix && !lacks.has("acceptRa") ? { acceptRa: fc.boolean() } : {}),
  };
  const fixed = fc.record(
    {
      method: fc.constant("static"),
      addresses: fc.uniqueArray(cidr(which), { minLength: 1, maxLength: 3 }),
      gateway: address,
      ...more,
    },
    { requiredKeys: ["method", "addresses"] },
  );
  const dhcp = fc.record(
    {
      method: fc.constant("dhcp"),
      addresses: fc.constant([]),
      ...(lacks.has("metric") ? {} : { metric }),
      ...(lacks.has("dhcp") ? {} : { dhcp: fc.constantFrom({ useDns: false }, { useRoutes: false }) }),
    },
    { requiredKeys: ["method", "addresses"] },
  );
  const auto = fc.constant({ method: "auto", addresses: [] });
  return fc.oneof(fixed, dhcp, fc.constant(none), ...(isSix ? [auto] : [])) as fc.Arbitrary<IpSettings>;
}
