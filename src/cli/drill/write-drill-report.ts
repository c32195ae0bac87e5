import type { Drilled } from "../../drill/live-drill.ts";
import { type WriteError, writeFiles } from "../../host/linux/write-files.ts";
import type { Rehearsal } from "../../measure/rehearsal.ts";
import type { Config } from "../../model/config.ts";
import type { Result } from "../../model/result.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderJunit } from "../../report/junit.ts";
import { renderMarkdown } from "../../report/markdown.ts";
import { redaction } from "../../report/redaction.ts";

export interface DrillReport {
  readonly root: string;
  readonly rehearsal: Rehearsal;
  readonly config: Config;
  readonly drilled: Drilled;
  readonly version: string;
}

/** Writes report.html, report.md, junit.xml and rehearsal.json below a directory, replacing older ones. */
export function writeDrillReport(report: DrillReport): Promise<Result<readonly string[], WriteError>> {
  const { rehearsal, drilled, version } = report;
  const config = asDrilled(report);
  const redact = redaction(config, new Map());
  const madeAt = `${new Date().toISOString().slice(0, 19)}Z`;
  const { scenarios } = drilled;
  const page = renderHtml({ rehearsal, config, files: new Map(), findings: [], scenarios, version, madeAt });
  const files = new Map([
    ["report.html", page],
    ["report.md", renderMarkdown(rehearsal, redact)],
    ["junit.xml", renderJunit(rehearsal, redact, { madeAt })],
    ["rehearsal.json", renderJson(rehearsal, redact)],
  ]);
  return writeFiles({ root: report.root, files, secret: new Set(), existing: "replace" });
}

/** For the picture: what is declared, or at least the bond as it was found. */
function asDrilled({ config, drilled }: DrillReport): Config {
  if (config.bonds.length > 0) return config;
  const { name, ports } = drilled.found.bond;
  return { ...config, bonds: [{ name, ports: ports.map((port) => port.name), options: { mode: "active-backup" } }] };
}
