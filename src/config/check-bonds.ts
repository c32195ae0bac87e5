import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { type Origins, whereIs } from "../diagnostic/origins.ts";
import { containsAddress, networkOf, parseAddress, parseCidr } from "../model/address.ts";
import type { Bond } from "../model/bond.ts";
import type { Config, Interface, Uplink } from "../model/config.ts";
import { bondWithDefaults, holdfastBondDefaults } from "../model/defaults.ts";
import { nearest } from "../model/nearest.ts";
import { conflictsIn } from "../model/validate-options.ts";

/** A problem at the place a key of the origins names. */
export function problemAt(origins: Origins, code: string, key: string, message: string, hint: string): Diagnostic {
  const at = whereIs(origins, key);
  return { code, severity: "error", message, hint, ...(at === undefined ? {} : { at }) };
}

/** What is wrong with the bonds whatever they are used for. What is unwise is for the rules to say. */
export function checkBonds(config: Config, origins: Origins): readonly Diagnostic[] {
  return [
    ...config.bonds.flatMap((bond) => [
      ...checkPorts(bond, origins),
      ...checkPrimary(bond, origins),
      ...checkModes(bond, origins),
    ]),
    ...checkNames(config, origins),
    ...config.bonds.flatMap((bond) => checkAddresses(config, bond, origins)),
    ...config.uplinks.flatMap((uplink) => checkUplink(config, uplink, origins)),
  ];
}

function checkPorts(bond: Bond, origins: Origins): readonly Diagnostic[] {
  if (bond.ports.length === 0) {
    // Without the key, or with something that is no list in it, that has been said.
    if (!origins.has(`bond/${bond.name}/ports`)) return [];
    const message = `${bond.name} has no ports`;
    return [
      problemAt(
        origins,
        "no-ports",
        `bond/${bond.name}/ports`,
        message,
        "Name the interfaces that shall stand under it, e.g. ports: [eth0, wlan0].",
      ),
    ];
  }
  const twice = bond.ports.filter((port, index) => bond.ports.indexOf(port) !== index);
  return [...new Set(twice)].map((port) =>
    problemAt(
      origins,
      "port-twice",
      `bond/${bond.name}/port/${port}`,
      `${bond.name}: ${port} is listed twice`,
      "Keep it once.",
    ),
  );
}

function checkPrimary(bond: Bond, origins: Origins): readonly Diagnostic[] {
  const { primary } = bond.options;
  if (primary === undefined || bond.ports.includes(primary) || bond.ports.length === 0) return [];
  const near = nearest(primary, bond.ports);
  const hint = near === undefined ? `Add ${primary} to ports, or set primary to one of them.` : `Did you mean ${near}?`;
  const message = `${bond.name}: primary "${primary}" is not a port; ports are ${[...new Set(bond.ports)].join(", ")}`;
  return [problemAt(origins, "primary-not-a-port", `bond/${bond.name}/option/primary`, message, hint)];
}

/** A primary in the wrong mode, two monitors, and delays without one are judged by rules, for every dialect alike. */
function checkModes(bond: Bond, origins: Origins): readonly Diagnostic[] {
  return conflictsIn(bondWithDefaults(bond).options, holdfastBondDefaults.mode)
    .filter(
      (conflict) =>
        conflict.kind === "not-in-mode" && conflict.option !== "primary" && bond.options[conflict.option] !== undefined,
    )
    .map((conflict) =>
      problemAt(
        origins,
        "option-not-in-mode",
        `bond/${bond.name}/option/${conflict.option}`,
        `${bond.name}: ${conflict.message}`,
        conflict.hint,
      ),
    );
}

function checkNames(config: Config, origins: Origins): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  for (const [index, bond] of config.bonds.entries()) {
    if (config.bonds.findIndex((other) => other.name === bond.name) !== index)
      problems.push(
        problemAt(
          origins,
          "bond-twice",
          `bond/${bond.name}`,
          `two bonds are called ${bond.name}`,
          "Give each bond a name of its own.",
        ),
      );
    const owner = config.bonds.find((other) => other.ports.includes(bond.name));
    if (owner !== undefined)
      problems.push(
        problemAt(
          origins,
          "bond-as-port",
          `bond/${owner.name}/port/${bond.name}`,
          `${owner.name}: the bond ${bond.name} cannot be a port`,
          "Name a link instead.",
        ),
      );
  }
  return problems;
}

function checkAddresses(config: Config, bond: Bond, origins: Origins): readonly Diagnostic[] {
  const one = config.interfaces.find((candidate) => candidate.name === bond.name);
  if (one === undefined) return [];
  const addresses = [...one.ipv4.addresses, ...one.ipv6.addresses];
  const twice = addresses.filter((address, index) => addresses.indexOf(address) !== index);
  return [
    ...twice.map((address) =>
      problemAt(
        origins,
        "address-twice",
        `interface/${bond.name}/address`,
        `${bond.name}: ${address} is given twice`,
        "Keep it once.",
      ),
    ),
    ...checkGateway(one, one.ipv4.gateway, one.ipv4.addresses, origins),
    ...checkGateway(one, one.ipv6.gateway, one.ipv6.addresses, origins),
  ];
}

function checkGateway(
  one: Interface,
  gateway: string | undefined,
  addresses: readonly string[],
  origins: Origins,
): readonly Diagnostic[] {
  if (gateway === undefined) return [];
  const key = `interface/${one.name}/gateway`;
  const dhcp = !gateway.includes(":") && one.ipv4.method === "dhcp";
  if (dhcp)
    return [
      problemAt(
        origins,
        "gateway-with-dhcp",
        key,
        `${one.name}: DHCP brings its own gateway, and ${gateway} would fight it`,
        "Remove gateway, or give address instead of dhcp.",
      ),
    ];
  if (gateway.includes(":") && one.ipv6.method !== "static" && one.ipv6.method !== "none") return [];
  // An address that could not be read has been reported already.
  if (addresses.length === 0 && origins.has(`interface/${one.name}/address`)) return [];
  if (addresses.length === 0)
    return [
      problemAt(
        origins,
        "gateway-without-address",
        key,
        `${one.name}: the gateway ${gateway} cannot be reached without an address`,
        `Add address: [${sampleIn(gateway)}].`,
      ),
    ];
  return isInside(gateway, addresses) ? [] : [outside(one.name, gateway, addresses, key, origins)];
}

function outside(
  name: string,
  gateway: string,
  addresses: readonly string[],
  key: string,
  origins: Origins,
): Diagnostic {
  const networks = addresses.flatMap((address) => {
    const cidr = parseCidr(address);
    return cidr.ok ? [networkOf(cidr.value)] : [];
  });
  const own = addresses.some((address) => address.startsWith(`${gateway}/`));
  const message = own
    ? `${name}: the gateway ${gateway} is the host's own address`
    : `${name}: the gateway ${gateway} is not in ${networks.join(" or ")}`;
  return problemAt(
    origins,
    "gateway-out-of-reach",
    key,
    message,
    "Give the router's address in the host's subnet, or mend the prefix length.",
  );
}

/** A link-local router is on every link; others must be in a subnet of the host, and not the host itself. */
function isInside(gateway: string, addresses: readonly string[]): boolean {
  const router = parseAddress(gateway);
  if (!router.ok || /^fe[89ab]/i.test(gateway)) return true;
  return addresses.some((address) => {
    const cidr = parseCidr(address);
    return cidr.ok && containsAddress(cidr.value, router.value) && cidr.value.bits !== router.value.bits;
  });
}

function sampleIn(gateway: string): string {
  return gateway.includes(":")
    ? gateway.replace(/(?<![0-9a-f])[0-9a-f]*$/, "105/64")
    : gateway.replace(/(?<!\d)\d+$/, "105/24");
}

function checkUplink(config: Config, uplink: Uplink, origins: Origins): readonly Diagnostic[] {
  const ports = config.bonds.flatMap((bond) => bond.ports);
  const problems: Diagnostic[] = [];
  if (ports.length > 0 && !ports.includes(uplink.port)) {
    const near = nearest(uplink.port, ports);
    const hint = near === undefined ? `Name one of ${ports.join(", ")}.` : `Did you mean ${near}?`;
    problems.push(
      problemAt(
        origins,
        "uplink-port-unknown",
        `uplink/${uplink.name}/port`,
        `uplink ${uplink.name}: "${uplink.port}" is not a port of the bond`,
        hint,
      ),
    );
  }
  const bond = config.bonds.find((candidate) => candidate.ports.includes(uplink.port));
  const one = config.interfaces.find((candidate) => candidate.name === bond?.name);
  const own = [...(one?.ipv4.addresses ?? []), ...(one?.ipv6.addresses ?? [])];
  const addresses = uplink.address === undefined ? own : [uplink.address];
  // Where DHCP decides, only the router knows.
  if (
    addresses.length > 0 &&
    (one?.ipv4.method !== "dhcp" || uplink.address !== undefined) &&
    !isInside(uplink.gateway, addresses)
  )
    problems.push(
      outside(`uplink ${uplink.name}`, uplink.gateway, addresses, `uplink/${uplink.name}/gateway`, origins),
    );
  return problems;
}
