import { resolve } from "node:path";
import { observeHost } from "../host/linux/observe/observe-host.ts";
import type { HostState } from "../model/host-state.ts";
import { managers } from "../model/managers.ts";
import { check } from "../rules/check.ts";
import { hostSubject } from "../rules/host-subject.ts";
import { type CheckReport, type CheckRequest, sayBonds } from "./check-paths.ts";
import { maxBondsOf } from "./module-options.ts";
import { asShown, type Shown, together } from "./shown.ts";
import { readSubject } from "./subject.ts";
import { readTopology } from "./topology-file.ts";

/** Checks this running host, or those whose /etc, /proc, /run and /sys were copied below the paths. */
export async function checkHost(request: CheckRequest): Promise<CheckReport> {
  const { paths, cwd, topology } = request;
  const around = topology === undefined ? undefined : await readTopology(topology, cwd);
  const all: Shown[] = around === undefined ? [] : [around.shown];
  const understood: CheckReport["understood"][number][] = [];
  const unread: string[] = around?.isRead === false ? [topology ?? ""] : [];
  const trace: string[] = [];
  for (const path of paths.length === 0 ? ["/"] : paths) {
    const subject = await readSubject(path, cwd);
    if (subject.isUnread) {
      all.push(asShown(subject, []));
      unread.push(path);
      continue;
    }
    const seen = await observeHost(resolve(cwd, path));
    const host = request.dialect === undefined ? seen : { ...seen, language: request.dialect };
    const facts = { maxBonds: request.maxBonds ?? maxBondsOf(subject.files) ?? 0 };
    const surroundings = {
      facts,
      fileModes: subject.modes,
      ...(around === undefined ? {} : { around: around.around }),
    };
    const judged = hostSubject(subject.files, host, surroundings);
    // Files of other programs are shown where a finding points into them.
    const files = new Map([...judged.files, ...host.texts]);
    const shown = asShown({ ...subject, files }, check(judged));
    all.push(shown);
    understood.push({
      name: path,
      summary: `${inCharge(host)}; ${sayBonds(judged)}`,
      findings: shown.diagnostics.length,
    });
    trace.push(...host.trace, ...host.unseen.map((one) => `not seen: ${one}`));
  }
  return { ...together(all), understood, unread, trace };
}

function inCharge({ inCharge: name, language, fileOwners = [] }: HostState): string {
  if (name === undefined) return "nobody in charge";
  // Three programs read the same files: the one that is installed has the language's name.
  const title = name === "ifupdown" ? (language ?? name) : managers[name].title;
  const owners = [...new Set(fileOwners.map(({ program }) => program))];
  return `${title} in charge${owners.length === 0 ? "" : `, of files that belong to ${owners.join(" and ")}`}`;
}
