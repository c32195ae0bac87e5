import type { Config } from "../../model/config.ts";
import type { StatusDocument, StatusPort } from "../../report/status-input.ts";
import { buildGraph } from "../../topology/build-graph.ts";
import { hostFace } from "../../topology/came-up.ts";
import { type Graph, hostName } from "../../topology/graph.ts";
import { plainName } from "../../topology/names.ts";
import { underline } from "../../topology/picture-cards.ts";
import { drawRoute, midway } from "../../topology/picture-edges.ts";
import { inWords, pictureFacts } from "../../topology/picture-facts.ts";
import { type Layout, layOut, sizes } from "../../topology/picture-layout.ts";
import type {
  TopologyDocument,
  TopologyEdge,
  TopologyHost,
  TopologyNode,
  TopologyPort,
  TopologyPower,
  WhatIfFault,
} from "../dashboard.ts";
import { type Standing, standingOf } from "./ways.ts";

/** The picture of a configuration: laid out once, told anew with every status. */
export interface Picture {
  readonly config: Config;
  readonly graph: Graph;
  readonly layout: Layout;
  readonly faults: readonly Pick<WhatIfFault, "id" | "kind" | "strikes">[];
}

/** Above the topmost card. */
const captionPx = 6;

/** Lays a configuration out. Total. */
export function pictureOf(config: Config, faults: Picture["faults"]): Picture {
  const graph = buildGraph(config);
  return { config, graph, layout: layOut(graph, captionPx), faults };
}

/** The picture as things stand. undefined: nobody tells how. */
export function topologyDocument(picture: Picture, status: StatusDocument | undefined): TopologyDocument {
  const { graph, layout } = picture;
  const standing = standingOf(graph, status);
  const active = status?.bond?.active ?? "";
  const facts = pictureFacts(graph, undefined, active === "" ? {} : { activePort: active });
  return {
    width: Math.round(layout.width),
    height: Math.round(layout.height),
    text: inWords(graph, facts),
    host: hostOf(picture, standing, status),
    nodes: layout.cards.map((card) => nodeOf(picture, card, standing, status)),
    edges: layout.routes.map((route) => edgeOf(picture, route, standing)),
    power: graph.domains.map((domain) => powerOf(picture, domain, status)),
    notes: graph.notes,
  };
}

function striking({ faults }: Picture, name: string): readonly string[] {
  return faults.filter(({ strikes }) => strikes.includes(name)).map(({ id }) => id);
}

function hostOf(picture: Picture, standing: Standing, status: StatusDocument | undefined): TopologyHost {
  const { graph, layout, config } = picture;
  const { title, mode, address } = hostFace(graph, config, undefined);
  const bond = status?.bond;
  return {
    ...layout.host,
    title: bond?.name ?? title,
    mode: bond?.mode ?? mode,
    addresses: bond?.addresses ?? (address === "" ? [] : [address]),
    power: graph.nodes.find(({ kind }) => kind === "host")?.power ?? "",
    ports: layout.chips.map((chip) => portOf(graph, chip, standing, status)),
    faults: striking(picture, hostName),
  };
}

function portOf(
  graph: Graph,
  { port: name, x, y }: Layout["chips"][number],
  standing: Standing,
  status: StatusDocument | undefined,
): TopologyPort {
  const port = graph.ports.find((one) => one.name === name);
  const told = status?.ports.find((one) => one.name === name);
  const answers = (status?.paths ?? []).flatMap(({ port: of, answeredAgoMs }) =>
    of === name && answeredAgoMs !== null ? [answeredAgoMs] : [],
  );
  return {
    name,
    x,
    y,
    medium: told?.medium ?? (port?.ssid === undefined ? "unknown" : "radio"),
    carries: port?.carries ?? false,
    state: standing.ports.get(name) ?? "unknown",
    active: told?.active ?? false,
    note: noteOf(told, port?.carries === true),
    provenAt: status === undefined || answers.length === 0 ? null : status.at - Math.min(...answers),
    hubs: port?.hubs ?? [],
  };
}

function noteOf(told: StatusPort | undefined, carries: boolean): string {
  if (told === undefined) return carries ? "not known" : "not in the bond";
  const role = told.active ? "active" : told.drained ? "drained" : "standby";
  return told.note === "" ? role : `${role}: ${told.note}`;
}

function nodeOf(
  picture: Picture,
  { node, x, y }: Layout["cards"][number],
  standing: Standing,
  status: StatusDocument | undefined,
): TopologyNode {
  const { layout, graph } = picture;
  const domain = graph.domains.find(({ name }) => name === node.power);
  const isDark = domain?.kind === "mains" && isOnBattery(status);
  const state = standing.nodes.get(node.name) ?? "unknown";
  return {
    name: node.name,
    label: node.label,
    // The host has a box of its own and no card.
    kind: node.kind === "host" ? "server" : node.kind,
    x,
    y,
    width: layout.cardWidth,
    height: sizes.cardHeight,
    state: isDark && state === "unknown" ? "dead" : state,
    assumed: node.assumed,
    note: underline(node),
    power: node.power ?? "",
    isDark,
    faults: striking(picture, node.name),
  };
}

function edgeOf(picture: Picture, route: Layout["routes"][number], standing: Standing): TopologyEdge {
  const { edge } = route;
  const { path, line } = drawRoute(route);
  const { x, y } = midway(line);
  return {
    id: edge.id,
    from: edge.from,
    to: edge.to,
    port: edge.port ?? "",
    medium: edge.medium,
    state: standing.edges.get(edge.id) ?? "unknown",
    assumed: edge.assumed,
    path,
    x,
    y,
    faults: striking(picture, edge.id),
  };
}

function isOnBattery(status: StatusDocument | undefined): boolean {
  return status?.ups?.state === "battery" || status?.ups?.state === "low";
}

const upsStates = { mains: "on", battery: "battery", low: "low", unknown: "unknown" } as const;

function powerOf(
  { graph, faults }: Picture,
  { name, kind, runtimeMs }: Graph["domains"][number],
  status: StatusDocument | undefined,
): TopologyPower {
  const ups = kind === "ups" ? status?.ups : undefined;
  const mains = status?.ups?.state === "mains" ? "on" : isOnBattery(status) ? "off" : "unknown";
  const own = `power-${plainName(name)}`;
  return {
    name,
    kind,
    state: kind === "mains" ? mains : upsStates[ups?.state ?? "unknown"],
    chargePercent: ups?.chargePercent ?? null,
    runtimeMs: ups?.runtimeMs ?? runtimeMs ?? null,
    feeds: graph.nodes.filter(({ power }) => power === name).map(({ label }) => label),
    faults: faults.filter(({ id }) => id === own || (kind !== "other" && id === `${own}-no-ups`)).map(({ id }) => id),
  };
}
