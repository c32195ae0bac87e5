import type { Config, Interface, IpSettings } from "../model/config.ts";
import { differences, isWithin } from "../model/differences.ts";
import type { Step } from "./change.ts";
import { ipBatch, ipStep } from "./kernel-steps.ts";

/** How the addresses and routes of a bond that runs become the wanted ones. */
export type Readdressing =
  | { readonly kind: "same" }
  /** ip(8) can do it while packets flow; `keeps`: no address goes, so no connection breaks. */
  | { readonly kind: "live"; readonly steps: readonly Step[]; readonly undo: readonly Step[]; readonly keeps: boolean }
  /** Its manager must do it. */
  | { readonly kind: "manager"; readonly why: string };

/** What ip(8) can change on a running interface; everything else is its manager's: names, leases, commands of the user's. */
const byIp = /^(mtu|ipv[46]\/(addresses|routes|method))$/;

/** From what the files said of an interface to what they say now. */
export function readdressingOf(name: string, before: Config, after: Config): Readdressing {
  const about = `interface/${name}`;
  const keys = differences(before, after).filter((key) => isWithin(key, about));
  if (keys.length === 0) return { kind: "same" };
  const [was, is] = [before, after].map(({ interfaces }) => interfaces.find((one) => one.name === name));
  if (was === undefined || is === undefined) return { kind: "manager", why: `${name} was not configured before` };
  const fields = keys.map((key) => key.slice(about.length + 1)).filter((field) => field !== "start");
  const other = fields.find((field) => !byIp.test(field));
  if (other !== undefined) return { kind: "manager", why: `${other} of ${name} changes` };
  if (![was, is].every((one) => isByHand(one.ipv4) && isByHand(one.ipv6)))
    return { kind: "manager", why: `${name} gets its addresses from somebody else` };
  const undo = stepsTo(is, was);
  const gone = [...was.ipv4.addresses, ...was.ipv6.addresses].filter(
    (one) => ![...is.ipv4.addresses, ...is.ipv6.addresses].includes(one),
  );
  return { kind: "live", steps: stepsTo(was, is), undo, keeps: gone.length === 0 };
}

function isByHand({ method }: IpSettings): boolean {
  return method === "static" || method === "none" || method === "manual";
}

/** New addresses first, then routes, then what goes: nothing that stays is ever absent. */
function stepsTo(was: Interface, is: Interface): readonly Step[] {
  const { name } = is;
  const steps: Step[] = [];
  if (was.mtu !== is.mtu) {
    const mtu = String(is.mtu ?? 1500);
    steps.push(ipStep(["link", "set", "dev", name, "mtu", mtu], `Sets the MTU of ${name} to ${mtu}`));
  }
  for (const family of ["ipv4", "ipv6"] as const) {
    const gone = was[family].addresses.filter((one) => !is[family].addresses.includes(one));
    const come = is[family].addresses.filter((one) => !was[family].addresses.includes(one));
    for (const address of come)
      steps.push(ipStep(["address", "replace", address, "dev", name], `Gives ${name} the address ${address}`));
    const [old, now] = [routesOf(was[family]), routesOf(is[family])];
    const bit = family === "ipv4" ? "-4" : "-6";
    for (const route of now.filter((one) => !old.includes(one)))
      steps.push(ipStep([bit, "route", "replace", ...route.split(" "), "dev", name], `Routes ${route}`));
    // The same way to the same place was replaced already, unless it has another metric or table.
    for (const route of old.filter((one) => !now.some((other) => placeOf(other) === placeOf(one))))
      steps.push(ipStep([bit, "route", "del", ...route.split(" "), "dev", name], `Drops the route ${route}`, "go-on"));
    if (gone.length > 0) {
      // With the first address of a subnet the kernel takes the others of it too, and the routes through it.
      const stay = is[family].addresses.map((address) => `address replace ${address} dev ${name}`);
      const routes = now.map((route) => `route replace ${route} dev ${name}`);
      const lines = [...gone.map((address) => `address del ${address} dev ${name}`), ...stay, ...routes];
      steps.push(ipBatch(lines, `Takes ${gone.join(" and ")} from ${name}, and makes sure of what stays`, "go-on"));
    }
  }
  return steps;
}

/** As words of `ip route`, each without its interface. */
export function routesOf({ gateway, metric, routes = [] }: IpSettings): readonly string[] {
  const all = [
    ...(gateway === undefined ? [] : [{ to: "default", via: gateway, ...(metric === undefined ? {} : { metric }) }]),
    ...routes,
  ];
  return all.map((route) => {
    const {
      to,
      via,
      metric: cost,
      onLink,
      table,
      source,
    } = { onLink: false, table: undefined, source: undefined, ...route };
    return [
      to,
      ...(via === undefined ? [] : ["via", via]),
      ...(onLink ? ["onlink"] : []),
      ...(source === undefined ? [] : ["src", source]),
      ...(table === undefined ? [] : ["table", String(table)]),
      ...(cost === undefined ? [] : ["metric", String(cost)]),
    ].join(" ");
  });
}

/** What the kernel tells one route from another by: destination, table and metric. */
function placeOf(route: string): string {
  const [to = ""] = route.split(" ");
  return [to, / table (\S+)/.exec(route)?.[1], / metric (\S+)/.exec(route)?.[1]].join(" ");
}
