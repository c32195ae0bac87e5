import { access, constants } from "node:fs/promises";
import { makeDirectory } from "../../host/linux/make-directory.ts";
import { errnoOf } from "../../host/linux/read-problem.ts";
import { type WriteError, writeFiles } from "../../host/linux/write-files.ts";
import type { Rehearsal } from "../../measure/rehearsal.ts";
import type { Result } from "../../model/result.ts";
import { renderHtml } from "../../report/html.ts";
import { renderJson } from "../../report/json.ts";
import { renderJunit } from "../../report/junit.ts";
import { renderMarkdown } from "../../report/markdown.ts";
import { redaction } from "../../report/redaction.ts";
import type { Scenario } from "../../topology/lab-plan.ts";
import type { RehearsalInput } from "./read-rehearsal.ts";

/** What a report is made of and where it goes. */
export interface ReportRequest {
  readonly root: string;
  readonly input: RehearsalInput;
  readonly rehearsal: Rehearsal;
  /** The kernel alone, where `rehearsal` is with the agent. */
  readonly alone?: Rehearsal;
  readonly scenarios: readonly Scenario[];
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly madeAt: string;
}

/** Makes sure that a report can be written there, before minutes are spent on it. */
export async function openReport(root: string): Promise<WriteError | undefined> {
  try {
    await makeDirectory(root);
    await access(root, constants.W_OK);
    return undefined;
  } catch (problem) {
    return { code: "failed", paths: [root], errno: errnoOf(problem) };
  }
}

/** Writes report.html, report.md, junit.xml and rehearsal.json below a directory, replacing older ones. */
export function writeReport(request: ReportRequest): Promise<Result<readonly string[], WriteError>> {
  const { input, rehearsal, scenarios, version, madeAt } = request;
  const redact = redaction(input.config, input.files);
  const beside = request.alone === undefined ? {} : { alone: request.alone };
  const page = renderHtml({
    rehearsal,
    ...beside,
    config: input.config,
    files: input.files,
    findings: input.findings.diagnostics,
    scenarios,
    version,
    madeAt,
  });
  const files = new Map([
    ["report.html", page],
    ["report.md", renderMarkdown(rehearsal, redact, request.alone)],
    ["junit.xml", renderJunit(rehearsal, redact, { madeAt, ...beside })],
    ["rehearsal.json", renderJson(rehearsal, redact)],
  ]);
  return writeFiles({ root: request.root, files, secret: new Set(), existing: "replace" });
}
