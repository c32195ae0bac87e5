import { basename, dirname, resolve } from "node:path";
import { whatIf } from "../../api/data/what-if.ts";
import { writeFiles } from "../../host/linux/write-files.ts";
import type { Config } from "../../model/config.ts";
import { renderAuditHtml, renderAuditPicture } from "../../report/audit-html.ts";
import type { Audit } from "../../topology/audit/audit.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { sayNotWritten } from "../print-rendered.ts";
import { lastRehearsed } from "../rehearse/kept-rehearsals.ts";

/** Where an audit is to be drawn; absent: nowhere. */
export interface AuditPages {
  /** A page. */
  readonly html?: string;
  /** The picture alone. */
  readonly svg?: string;
}

/** Why a name won't do for a page: an older one is replaced, so it must look like one. undefined: it does. */
export function pageProblem({ html, svg }: AuditPages): string | undefined {
  if (html !== undefined && !/\.html?$/i.test(html)) return `--html ${html} is no name of a page`;
  return svg !== undefined && !/\.svg$/i.test(svg) ? `--svg ${svg} is no name of a picture` : undefined;
}

/** Writes what was asked for, and says where; what could not be written has been said, and is the exit. */
export async function writePages(
  cli: Cli,
  { html, svg }: AuditPages,
  about: { readonly audit: Audit; readonly config: Config; readonly subject: string },
): Promise<Exit | undefined> {
  const faults = html === undefined ? [] : whatIf(about.config, lastRehearsed(cli, about.config));
  const madeAt = `${new Date().toISOString().slice(0, 19)}Z`;
  const wanted = [
    { flag: "--html", path: html, make: () => renderAuditHtml({ ...about, faults, madeAt, version: cli.version }) },
    { flag: "--svg", path: svg, make: () => `${renderAuditPicture(about)}\n` },
  ];
  for (const { flag, path, make } of wanted) {
    if (path === undefined) continue;
    const target = resolve(cli.cwd, path);
    const files = new Map([[basename(target), make()]]);
    const written = await writeFiles({ root: dirname(target), files, secret: new Set(), existing: "replace" });
    if (!written.ok) return sayNotWritten(cli, written.error, flag);
    cli.stderr.write(`${flag.slice(2)}: ${path}\n`);
  }
  return undefined;
}
