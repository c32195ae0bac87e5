import { optionWords } from "../../dialects/iproute2/spelling.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import { linkNamed } from "../../model/host-state.ts";
import { type OptionName, optionRow } from "../../model/options.ts";
import type { Backend, Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { costs } from "../interruption.ts";
import { ipBatch } from "../kernel-steps.ts";
import { liveActs } from "../live-acts.ts";
import { routesOf } from "../readdress.ts";

/** Nobody's files: the kernel is told, by ip(8), and forgets it at the next boot. */
export const netlinkBackend: Backend = (situation) => {
  const anew = rebuilt(situation);
  if (anew.length === 0) {
    const join = (port: string, bond: string) => ipBatch(joinLines(port, bond), `Puts ${port} into ${bond}`);
    const leave = (port: string, bond: string) =>
      ipBatch([`link set dev ${port} nomaster`], `Takes ${port} out of ${bond}`);
    return liveActs(situation, { join, leave });
  }
  const { merged, host } = situation;
  const running = new Set(host.bonds.map(({ name }) => name));
  const made = merged.wanted.bonds.filter(({ name }) => anew.some((one) => one.name === name));
  const gone = made.filter(({ name }) => running.has(name)).map(({ name }) => removal(name));
  return {
    quiesce: [],
    converge: [...gone, ...made.flatMap((bond) => makeBond(bond, merged.wanted, situation))],
    restore: [...made.map(({ name }) => removal(name)), ...asBefore(situation, made)],
    interruption: costs("netlink", situation),
  };
};

function removal(name: string): Step {
  return ipBatch([`link del dev ${name}`], `Removes ${name}, which frees its ports`, "go-on");
}

/** A port joins a bond: lines of `ip -batch`. */
export function joinLines(port: string, bond: string): readonly string[] {
  return [`link set dev ${port} down`, `link set dev ${port} master ${bond}`, `link set dev ${port} up`];
}

/** The bond over the ports that carry nothing comes first; then, in one go, the addresses and the port that had them. The bond has that
 *  port's MAC address from the beginning, so that no neighbour has to learn another. */
function makeBond(bond: Bond, config: Config, { host, merged }: Situation): readonly Step[] {
  const { name } = bond;
  // What isn't plugged in can't join.
  const ports = bond.ports.filter((port) => host.links.length === 0 || linkNamed(host, port) !== undefined);
  const iface = config.interfaces.find((one) => one.name === name);
  const isBusy = (port: string) => (host.links.find((link) => link.name === port)?.addresses.length ?? 0) > 0;
  const [busy, idle] = [ports.filter(isBusy), ports.filter((port) => !isBusy(port))];
  const mac = iface?.mac ?? host.links.find((link) => link.name === (busy[0] ?? ports[0]))?.mac;
  const first = [
    `link add name ${name} type bond ${optionsOf(bond, "before-ports")}`.trimEnd(),
    ...(mac === undefined || mac === "" ? [] : [`link set dev ${name} address ${mac}`]),
    ...(iface?.mtu === undefined ? [] : [`link set dev ${name} mtu ${iface.mtu}`]),
    ...idle.flatMap((port) => joinLines(port, name)),
    `link set dev ${name} up`,
  ];
  const bare = busy.flatMap((port) =>
    addressesOf(merged.before.interfaces.find((one) => one.name === port)).map(
      (one) => `address del ${one} dev ${port}`,
    ),
  );
  const later = optionsOf(bond, "after-ports");
  const second = [
    ...bare,
    ...addressLines(iface),
    ...busy.flatMap((port) => joinLines(port, name)),
    ...routeLines(iface),
    ...(later === "" ? [] : [`link set dev ${name} type bond ${later}`]),
  ];
  return [
    ipBatch(first, `Makes ${name}${idle.length === 0 ? "" : ` of ${idle.join(" and ")}, which carries nothing yet`}`),
    ipBatch(
      second,
      busy.length === 0
        ? `Gives ${name} its addresses and routes`
        : `Moves addresses and routes from ${busy.join(" and ")} to ${name}, which takes ${busy.length === 1 ? "it" : "them"} in`,
    ),
  ];
}

/** A bond's options as words of ip(8): those that name ports can only be set when ports are in. */
export function optionsOf({ options }: Bond, when: "before-ports" | "after-ports"): string {
  const said = (Object.keys(options) as OptionName[])
    .filter((option) => option !== "active_slave")
    .filter((option) => (optionRow(option).kind === "port") === (when === "after-ports"))
    // The mode decides which others the kernel takes.
    .toSorted((a, b) => Number(b === "mode") - Number(a === "mode"));
  return said.map((option) => optionWords(option, options[option])).join(" ");
}

function addressesOf(iface: Interface | undefined): readonly string[] {
  return iface === undefined ? [] : [...iface.ipv4.addresses, ...iface.ipv6.addresses];
}

function addressLines(iface: Interface | undefined): readonly string[] {
  // The address was in use until now: nobody else has it.
  return addressesOf(iface).map(
    (one) => `address replace ${one} dev ${iface?.name}${one.includes(":") ? " nodad" : ""}`,
  );
}

function routeLines(iface: Interface | undefined): readonly string[] {
  if (iface === undefined) return [];
  return (["ipv4", "ipv6"] as const).flatMap((family) =>
    routesOf(iface[family]).map((route) => `route replace ${route} dev ${iface.name}`),
  );
}

/** Bonds that ran are made again as they ran, and links that stood alone get back what was theirs. */
function asBefore({ merged, host }: Situation, made: readonly Bond[]): readonly Step[] {
  const lines: string[] = [];
  const old = host.bonds.filter(({ name }) => made.some((bond) => bond.name === name));
  for (const { name, ports, options } of old) {
    lines.push(`link add name ${name} type bond mode ${options.mode ?? "balance-rr"} miimon ${options.miimon ?? 0}`);
    lines.push(...ports.flatMap((port) => joinLines(port, name)), `link set dev ${name} up`);
  }
  const names = new Set([...old.map(({ name }) => name), ...made.flatMap(({ ports }) => ports)]);
  for (const iface of merged.before.interfaces.filter(({ name }) => names.has(name))) {
    if (host.links.some(({ name, isUp }) => name === iface.name && isUp)) lines.push(`link set dev ${iface.name} up`);
    lines.push(...addressLines(iface), ...routeLines(iface));
  }
  return lines.length === 0 ? [] : [ipBatch(lines, "Gives the links back what was theirs", "go-on")];
}
