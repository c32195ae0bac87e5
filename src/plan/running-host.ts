import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Config, Interface, IpSettings, Route } from "../model/config.ts";
import type { HostState } from "../model/host-state.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { runningConfig } from "../model/running-config.ts";
import { concernedNames, obstaclesOf } from "./concerned.ts";
import type { Merged } from "./merge.ts";

/** A route of the running host that leads through a router. */
export interface HostRoute {
  readonly link: string;
  /** "default" or CIDR. */
  readonly to: string;
  readonly via: string;
  /** 0: none. */
  readonly metric: number;
}

/** What is wanted in place of what runs, where no file is asked: addresses and routes by hand. Fails on what the kernel alone can't do. */
export function mergeIntoRunning(
  wanted: Config,
  state: HostState,
  routes: readonly HostRoute[],
): Result<Merged, readonly Diagnostic[]> {
  const running = runningConfig(state);
  const before = { ...running, interfaces: running.interfaces.map((iface) => withRoutes(iface, routes)) };
  const names = concernedNames(before, wanted);
  const leased = wanted.interfaces.filter(({ ipv4, ipv6 }) =>
    [ipv4, ipv6].some(({ method }) => /dhcp|other/.test(method)),
  );
  const obstacles = [...obstaclesOf(before, wanted, names), ...leased.map(({ name }) => noLease(name))];
  if (obstacles.length > 0) return failed(obstacles);
  const interfaces = wanted.interfaces.map(({ dns: _, ...iface }) => iface);
  const isForeign = ({ name }: { readonly name: string }) => !names.has(name);
  const kept = { ...wanted, interfaces };
  const after = {
    ...before,
    bonds: [...before.bonds.filter(isForeign), ...kept.bonds],
    interfaces: [...before.interfaces.filter(isForeign), ...interfaces],
  };
  const losses = wanted.interfaces.flatMap(({ name, dns }) => (dns === undefined ? [] : [noNames(name)]));
  return ok({ files: new Map(), secret: new Set(), before, after, wanted: kept, names, losses });
}

function withRoutes(iface: Interface, all: readonly HostRoute[]): Interface {
  const routesOf = (family: "ipv4" | "ipv6", settings: IpSettings): IpSettings => {
    const own = all.filter(({ link, via }) => link === iface.name && via.includes(":") === (family === "ipv6"));
    const routes = own.map(({ to, via, metric }): Route => ({ to, via, ...(metric === 0 ? {} : { metric }) }));
    return routes.length === 0 ? settings : { ...settings, routes };
  };
  return { ...iface, ipv4: routesOf("ipv4", iface.ipv4), ipv6: routesOf("ipv6", iface.ipv6) };
}

function noLease(name: string): Diagnostic {
  return {
    code: "plan-no-backend",
    severity: "error",
    message: `${name} is to get a lease, and the kernel alone asks for none`,
    hint: "Give it addresses by hand, or let a network manager have it.",
  };
}

function noNames(name: string) {
  return {
    code: "plan-no-files",
    severity: "warning",
    message: `${name}: name servers aren't changed: they stand in a file, and netlink writes none`,
    hint: "See to /etc/resolv.conf yourself.",
    about: `interface/${name}/dns`,
  } as const;
}
