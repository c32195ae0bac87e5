import type { Config } from "../../model/config.ts";
import { buildGraph } from "../build-graph.ts";
import { hostName } from "../graph.ts";
import { plainName } from "../names.ts";
import type { SingleMarks } from "../picture-facts.ts";
import type { Audit, AuditedPart } from "./audit.ts";

/** Parts that cut some goal off by themselves, the costliest first. */
export function singleParts({ parts }: Pick<Audit, "parts">): readonly AuditedPart[] {
  return parts.filter(({ cuts }) => cuts.length > 0);
}

/** Single points of failure as the picture of the same configuration marks them: those that it draws, and those that only their ports show. */
export function singleMarks(config: Config, audit: Pick<Audit, "parts">): SingleMarks {
  const { domains, edges, nodes } = buildGraph(config);
  const things = new Set<string>();
  const supplies = new Set<string>();
  const before = new Map<string, string>();
  for (const part of singleParts(audit)) {
    const domain = domains.find(({ name, kind }) =>
      part.scenario === "power-mains-no-ups" ? kind === "mains" : part.scenario === `power-${plainName(name)}`,
    );
    if (domain !== undefined) supplies.add(domain.name);
    else if (isBeforePorts(part)) {
      const ports = edges.flatMap(({ id, port }) => (port !== undefined && part.broken.edges.has(id) ? [port] : []));
      for (const port of ports) before.set(port, part.label.replace(/^the /, ""));
    } else {
      for (const { name } of nodes) if (name !== hostName && part.broken.nodes.has(name)) things.add(name);
      // What a dead device takes along is no single point of its own.
      if (part.broken.nodes.size === 0) for (const id of part.broken.edges) things.add(id);
    }
  }
  return { things, supplies, before, labels: singleParts(audit).map(({ label }) => label) };
}

/** It stands in no graph: a hub or a card of the host, or a switch that only the network tells of. */
function isBeforePorts({ kind, scenario, broken }: AuditedPart): boolean {
  return kind === "usb-hub" || (scenario === undefined && broken.nodes.size === 0);
}
