import fc from "fast-check";
import { cidr, ipv4, ipv6, mac } from "./config.ts";

const yes = fc.constantFrom("yes", "true", "on", "y", true);
const no = fc.constantFrom("no", "false", "off", false);

/** A netplan file as a person might write one, with values that netplan takes or doesn't: flow style, so that it is JSON and YAML. */
export const netplanText: fc.Arbitrary<string> = fc
  .record({
    renderer: fc.constantFrom(undefined, "networkd", "networkd", "NetworkManager"),
    ports: fc.shuffledSubarray(["eth0", "eth1", "enp3s0", "lan", "wlan0"], { minLength: 2 }),
    cut: fc.integer({ min: 1, max: 3 }),
    physical: fc.array(definition(), { minLength: 5, maxLength: 5 }),
    matches: fc.tuple(...[0, 1, 2, 3, 4].map(match)),
    bond: definition(),
    parameters: parameters(),
    vlan: fc.option(fc.tuple(fc.integer({ min: 0, max: 4094 }), definition()), { nil: undefined }),
    bridge: fc.option(fc.tuple(bridgeParameters(), definition()), { nil: undefined }),
  })
  .map(({ renderer, ports, cut, physical, matches, bond, parameters: said, vlan, bridge }) => {
    const members = ports.slice(0, cut);
    const radio = { "access-points": { home: { password: "correct horse" } } };
    const described = (wanted: boolean) =>
      Object.fromEntries(
        ports.flatMap((id, at) => {
          const isRadio = id === "wlan0";
          const own = isRadio ? { ...physical[at], ...radio } : { ...physical[at], ...matches[at] };
          return isRadio === wanted ? [[id, own]] : [];
        }),
      );
    const primary = said["primary"] === true ? { primary: members[0] } : {};
    const rest = Object.fromEntries(Object.entries(said).filter(([key]) => key !== "primary"));
    const wifis = described(true);
    return JSON.stringify({
      network: {
        version: 2,
        ...(renderer === undefined ? {} : { renderer }),
        ethernets: described(false),
        ...(Object.keys(wifis).length === 0 ? {} : { wifis }),
        bonds: { bond0: { interfaces: members, ...bond, parameters: { ...rest, ...primary } } },
        ...(vlan === undefined ? {} : { vlans: { tagged: { id: vlan[0], link: "bond0", ...vlan[1] } } }),
        ...(bridge === undefined ? {} : { bridges: { br0: { interfaces: ["bond0"], ...bridge[1], ...bridge[0] } } }),
      },
    });
  });

function some(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(fields, { requiredKeys: [] });
}

function definition(): fc.Arbitrary<Record<string, unknown>> {
  const overrides = some({
    "route-metric": fc.integer({ min: 0, max: 2000 }),
    "use-dns": fc.oneof(yes, no),
    "use-routes": fc.oneof(yes, no),
  });
  const route = fc.oneof(
    fc.record(
      { to: cidr("inet"), via: ipv4, metric: fc.integer({ min: 0, max: 99 }), "on-link": yes },
      { requiredKeys: ["to", "via"] },
    ),
    fc.record(
      { to: fc.constant("default"), via: fc.oneof(ipv4, ipv6), table: fc.integer({ min: 1, max: 999 }) },
      { requiredKeys: ["to", "via"] },
    ),
    fc.record({ to: cidr("inet6"), via: ipv6, from: ipv6 }, { requiredKeys: ["to", "via"] }),
  );
  const addresses = fc.array(fc.oneof(cidr("inet"), cidr("inet6")), { maxLength: 3 });
  return some({
    dhcp4: fc.oneof(yes, no),
    dhcp6: fc.oneof(yes, no),
    addresses,
    overrides,
    "accept-ra": fc.oneof(yes, no),
    gateway4: ipv4,
    routes: fc.array(route, { maxLength: 2 }),
    nameservers: some({
      addresses: fc.array(fc.oneof(ipv4, ipv6), { maxLength: 3 }),
      search: fc.constantFrom([], ["lan.example"]),
    }),
    mtu: fc.integer({ min: 1280, max: 9000 }),
    macaddress: mac,
    optional: yes,
    "activation-mode": fc.constant("manual"),
    "optional-addresses": fc.constant(["ipv6-ra"]),
    critical: yes,
  }).map(({ overrides: shared, ...rest }) => ({
    ...rest,
    // netplan refuses overrides that differ between the families.
    ...(shared === undefined ? {} : { "dhcp4-overrides": shared, "dhcp6-overrides": shared }),
  }));
}

function match(at: number): fc.Arbitrary<Record<string, unknown>> {
  return fc.oneof(
    fc.constant({}),
    fc.record({ match: fc.record({ macaddress: mac }), "set-name": fc.constantFrom(`lan${at}`, `wan${at}`) }),
    fc.record({ match: fc.record({ macaddress: mac }) }),
    fc.record({ match: fc.record({ name: fc.constantFrom(`enx${at}*`, `eno${at}`) }) }),
  );
}

function parameters(): fc.Arbitrary<Record<string, unknown>> {
  const time = fc.oneof(fc.integer({ min: 0, max: 500 }), fc.constantFrom("100ms", "1s", "0.2"));
  return some({
    mode: fc.constantFrom(
      "active-backup",
      "balance-rr",
      "802.3ad",
      "balance-tlb",
      "balance-alb",
      "balance-xor",
      "broadcast",
    ),
    primary: fc.constant(true),
    "mii-monitor-interval": time,
    "up-delay": time,
    "gratuitous-arp": fc.integer({ min: 0, max: 9 }),
    "fail-over-mac-policy": fc.constantFrom("none", "active", "follow"),
    "primary-reselect-policy": fc.constantFrom("always", "better", "failure", "never"),
    "transmit-hash-policy": fc.constantFrom("layer2", "layer3+4", "encap2+3", "vlan+srcmac"),
    "lacp-rate": fc.constantFrom("slow", "fast", 1),
    "min-links": fc.integer({ min: 0, max: 2 }),
    "ad-select": fc.constantFrom("stable", "bandwidth", "count"),
    "all-members-active": fc.oneof(yes, no),
    "resend-igmp": fc.integer({ min: 0, max: 3 }),
    "learn-packet-interval": fc.integer({ min: 1, max: 9 }),
    "packets-per-member": fc.integer({ min: 0, max: 9 }),
    "arp-all-targets": fc.constantFrom("any", "all"),
  });
}

function bridgeParameters(): fc.Arbitrary<Record<string, unknown>> {
  const said = some({
    stp: fc.oneof(yes, no),
    "forward-delay": fc.integer({ min: 2, max: 30 }),
    "ageing-time": fc.constantFrom(300, "60s"),
    priority: fc.constantFrom(0, 4096),
    "path-cost": fc.constant({ bond0: 4 }),
  });
  return fc.oneof(
    fc.constant({}),
    said.map((parameters) => ({ parameters })),
  );
}
