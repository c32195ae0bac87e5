import type { Config } from "../model/config.ts";
import type { Scenario } from "../topology/lab-plan.ts";
import { type Cut, type CutKind, carrierCut, type DropTool, silentCut, uplinkCut } from "./cut.ts";
import { findDropTool } from "./drop-tool.ts";
import { boundTo, type Found } from "./look-before.ts";

export interface CutWish {
  /** Only these; empty: every port, then every uplink. */
  readonly ports: readonly string[];
  readonly uplinks: readonly string[];
  /** Empty: those that this host can notice. */
  readonly kinds: readonly CutKind[];
}

/** What is to be cut, in order, and what is not, with the reason: a sentence each. */
export interface CutPlan {
  readonly cuts: readonly Cut[];
  readonly notes: readonly string[];
  /** Names that were wished for and aren't there. */
  readonly unknown: readonly string[];
}

/** Each port in turn, the active one first, and then each uplink. */
export async function planCuts(
  { bond }: Found,
  config: Config | undefined,
  wish: CutWish,
  watcher: "agent" | "kernel",
): Promise<CutPlan> {
  const notes: string[] = [];
  const cuts: Cut[] = [];
  const declared = config?.uplinks ?? [];
  const isNarrow = wish.ports.length + wish.uplinks.length > 0;
  const names = [bond.active, ...bond.ports.map(({ name }) => name).filter((name) => name !== bond.active)];
  const ports = isNarrow ? names.filter((name) => wish.ports.includes(name)) : names;
  const uplinks = isNarrow ? declared.filter(({ name }) => wish.uplinks.includes(name)) : declared;
  const unknown = [
    ...wish.ports.filter((name) => !names.includes(name)),
    ...wish.uplinks.filter((name) => !declared.some((each) => each.name === name)),
  ];
  const seesPaths = watcher === "agent" || bond.arpInterval > 0;
  const kinds = wish.kinds.length > 0 ? wish.kinds : (["carrier", "silent", "uplink"] as const);
  for (const port of ports) {
    if (kinds.includes("carrier")) {
      const above = boundTo(port, bond.name);
      if (above === "") cuts.push(carrierCut(port));
      else notes.push(`${port} was not set down: ${above} stands on it and would be torn down with it`);
    }
    if (!kinds.includes("silent")) continue;
    // Nobody here would notice, and the host would be cut off for as long as it is watched: that is known without a trial.
    if (!seesPaths && port === bond.active && wish.kinds.length === 0) {
      notes.push(
        `no silent death was tried on ${port}: nothing on this host would notice it (no agent runs, and no ARP monitor). With --kind silent it is`,
      );
      continue;
    }
    const tool = await findDropTool(port, 1);
    if (tool.ok) cuts.push(silentCut(port, tool.value));
    else notes.push(`no silent death was tried on ${port}: ${tool.error}`);
  }
  for (const uplink of kinds.includes("uplink") ? uplinks : []) {
    const cut = await uplinkCutFor(uplink.name, uplink.port, nearOf(config, uplink), watcher);
    if (typeof cut === "string") notes.push(cut);
    else cuts.push(cut);
  }
  return { cuts, notes, unknown };
}

async function uplinkCutFor(
  name: string,
  port: string,
  near: readonly string[],
  watcher: "agent" | "kernel",
): Promise<Cut | string> {
  if (watcher === "kernel") return `${name} was not tried: without the agent nothing looks beyond its router`;
  if (near.length === 0) return `${name} was not tried: no prefix of its LAN is known`;
  const tool: { readonly ok: boolean; readonly value?: DropTool; readonly error?: string } = await findDropTool(
    port,
    near.length + 2,
  );
  return tool.value === undefined ? `${name} was not tried: ${tool.error}` : uplinkCut(name, port, near, tool.value);
}

/** The prefixes that are the uplink's own LAN: what its router answers for by itself. */
function nearOf(config: Config | undefined, uplink: Config["uplinks"][number]): readonly string[] {
  const bond = config?.bonds[0]?.name ?? "";
  const own = uplink.address === undefined ? [] : [uplink.address];
  const holder = config?.interfaces.find(({ name }) => name === bond);
  const addresses = [...(holder?.ipv4.addresses ?? []), ...(holder?.ipv6.addresses ?? [])];
  const near = own.length > 0 ? own : addresses;
  // Neighbours are found by addresses of the link, and by groups.
  return near.some((prefix) => prefix.includes(":")) ? [...near, "fe80::/10", "ff02::/16"] : near;
}

/** Is a way left to an address while a port is cut? Behind uplinks of their own, a router is reached through its own port alone. */
export function isReachable(address: string, cut: Cut, uplinks: Config["uplinks"]): boolean {
  const own = uplinks.filter(({ gateway }) => gateway === address);
  return own.length === 0 || own.some(({ port }) => port !== cut.port);
}

/** A cut as the measurements know it. `flows`: which of them have a way left while it lasts. */
export function scenarioOf(
  cut: Cut,
  flows: Readonly<Record<string, "survives" | "no-path">>,
  hasUplinks: "one router" | "several",
): Scenario {
  return {
    id: cut.id,
    fault: cut.fault,
    kind: cut.kind,
    inject: [],
    mend: [],
    expected: flows,
    carrierTells: cut.kind === "carrier",
    strikes: [cut.port],
    ...(hasUplinks === "several" ? { tcpMayBreak: "behind another router the host has another address" } : {}),
  };
}
