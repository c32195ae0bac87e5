import { resolve } from "node:path";
import type { AuditDocument } from "../../api/types.ts";
import { observeHost } from "../../host/linux/observe/observe-host.ts";
import type { Config } from "../../model/config.ts";
import { renderAuditText } from "../../report/audit-terminal.ts";
import { type Audit, audit } from "../../topology/audit/audit.ts";
import type { PlacedPort } from "../../topology/audit/shared-hardware.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { printReport } from "../print-report.ts";
import { readRehearsal } from "../rehearse/read-rehearsal.ts";
import { printDocument, styleFor } from "../style.ts";

export interface AuditWish {
  readonly path: string;
  readonly format: "text" | "json";
  readonly dialect?: string;
  readonly topology?: string;
  /** The root whose /sys says where the ports are plugged in; absent: nothing is known of it. */
  readonly hardware?: string;
}

/** `holdfast audit`: reads, judges, prints. */
export async function auditCommand(cli: Cli, wish: AuditWish): Promise<Exit> {
  const reading = await readRehearsal({ ...wish, cwd: cli.cwd });
  if ("refused" in reading) {
    await printReport(cli, { ...reading.refused, understood: [], unread: [wish.path] }, wish.format);
    return "usage";
  }
  const { config } = reading.input;
  const placed = wish.hardware === undefined ? [] : await placesOf(config, resolve(cli.cwd, wish.hardware));
  const found = audit(config, placed);
  const unseen = wish.hardware === undefined ? [] : unplaced(config, placed);
  const said: Audit = { ...found, notes: [...found.notes, ...unseen] };
  if (wish.format === "json") printDocument(cli, documentOf(said));
  else cli.stdout.write(renderAuditText(said, wish.path, styleFor(cli, cli.stdout)));
  return said.goals.some((goal) => goal.cutSets.some((set) => set.length < 2)) ? "findings" : "fine";
}

function portsOf(config: Config): readonly string[] {
  return config.bonds.flatMap((bond) => bond.ports);
}

/** Where the host's ports are plugged in. Ports that are named by their MAC or path are found by the name they have now. */
async function placesOf(config: Config, root: string): Promise<readonly PlacedPort[]> {
  const { links } = await observeHost(root);
  return portsOf(config).flatMap((name) => {
    const mac = config.interfaces.find((one) => one.name === name)?.match?.mac?.toLowerCase();
    const link = links.find(
      (one) =>
        one.name === name || one.altNames?.includes(name) === true || (mac !== undefined && one.permanentMac === mac),
    );
    return link === undefined ? [] : [{ name, device: link.device }];
  });
}

function unplaced(config: Config, placed: readonly PlacedPort[]): readonly string[] {
  const missing = portsOf(config).filter((name) => placed.every((port) => port.name !== name));
  if (missing.length === 0) return [];
  return [`this host has no ${missing.join(" and no ")}: what hardware they share isn't known`];
}

function documentOf({ goals, parts, advice, withoutUpsMs, notes }: Audit): AuditDocument {
  return {
    goals: goals.map(({ share, ...goal }) => goal),
    parts: parts.map(({ id, label, kind, rate, scenario, cuts, portsLeft }) => ({
      id,
      label,
      kind,
      rate,
      cuts,
      portsLeft,
      share: Object.fromEntries(goals.map((goal) => [goal.name, goal.share.get(id) ?? 0])),
      ...(scenario === undefined ? {} : { scenario }),
    })),
    advice,
    ...(withoutUpsMs === undefined ? {} : { withoutUpsMs }),
    notes,
  };
}
