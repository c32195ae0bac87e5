import { auditDocument } from "../../api/data/audit-document.ts";
import { nothingHeard } from "../../model/network-sight.ts";
import { renderAuditText } from "../../report/audit-terminal.ts";
import { type Audit, audit } from "../../topology/audit/audit.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { printReport } from "../print-report.ts";
import { readRehearsal } from "../rehearse/read-rehearsal.ts";
import { printDocument, styleFor } from "../style.ts";
import { type LookedAround, lookAround } from "./look-around.ts";
import { type AuditPages, writePages } from "./write-pages.ts";

export { pageProblem } from "./write-pages.ts";

export interface AuditWish {
  readonly path: string;
  readonly format: "text" | "json";
  readonly dialect?: string;
  readonly topology?: string;
  /** The root whose /sys says where the ports are plugged in; absent: nothing is known of it. */
  readonly hardware?: string;
  /** How long to listen at the ports of this host, s; absent: a little. */
  readonly listenS?: number;
  readonly pages: AuditPages;
}

const unseen: LookedAround = { placed: [], sight: nothingHeard, notes: [] };

/** `holdfast audit`: reads, judges, prints. */
export async function auditCommand(cli: Cli, wish: AuditWish): Promise<Exit> {
  const reading = await readRehearsal({ ...wish, cwd: cli.cwd });
  if ("refused" in reading) {
    await printReport(cli, { ...reading.refused, understood: [], unread: [wish.path] }, wish.format);
    return "usage";
  }
  const { config } = reading.input;
  const { hardware, listenS } = wish;
  const around = hardware === undefined ? unseen : await lookAround(cli, config, { hardware, listenS });
  const found = audit(config, around.placed, around.sight);
  const said: Audit = { ...found, notes: [...found.notes, ...around.notes] };
  const refused = await writePages(cli, wish.pages, { audit: said, config, subject: wish.path });
  if (wish.format === "json") printDocument(cli, auditDocument(said));
  else cli.stdout.write(renderAuditText(said, wish.path, styleFor(cli, cli.stdout)));
  if (refused !== undefined) return refused;
  return said.goals.some((goal) => goal.cutSets.some((set) => set.length < 2)) ? "findings" : "fine";
}
