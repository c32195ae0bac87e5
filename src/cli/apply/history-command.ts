import type { HistoryDocument, HistoryEntry } from "../../api/types.ts";
import { visible } from "../../diagnostic/visible.ts";
import type { State } from "../../plan/protocol.ts";
import { attempt } from "../../transact/disk-problem.ts";
import { byNumber } from "../../transact/finish.ts";
import { hostPorts } from "../../transact/host-ports.ts";
import { idPattern } from "../../transact/next-id.ts";
import type { Ports } from "../../transact/ports.ts";
import { leftWords, pending } from "../../transact/status.ts";
import { readTransaction, shared, type Transaction } from "../../transact/transaction.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { printDocument, styleFor } from "../style.ts";
import { unlessRoot } from "./unless-root.ts";

/** Lists what was changed, by whom, and what became of it. */
export function historyCommand(cli: Cli, format: "text" | "json"): Exit {
  const denied = unlessRoot(cli);
  if (denied !== undefined) return denied;
  const transactions = readHistory(hostPorts());
  if (format === "json") printDocument(cli, { transactions } satisfies HistoryDocument);
  else if (transactions.length === 0) cli.stdout.write("Nothing has been applied yet.\n");
  else for (const entry of transactions) cli.stdout.write(entryText(cli, entry));
  return "fine";
}

/** The live transaction and those that are over, the newest first. */
export function readHistory(ports: Ports): readonly HistoryEntry[] {
  const { history } = shared(ports.places);
  const listed = attempt(() => ports.disk.list(history));
  const ids = (listed.ok ? listed.value : []).filter((name) => idPattern.test(name)).toSorted(byNumber);
  const past = ids.toReversed().map((id) => entryOf(readTransaction(ports, id, history), null));
  const live = pending(ports);
  if (live === undefined) return past;
  const { leftSeconds = null } = live;
  return [entryOf(readTransaction(ports, live.id), leftSeconds), ...past];
}

const words: Readonly<Partial<Record<State, HistoryEntry["state"]>>> = {
  confirmed: "confirmed",
  rollback: "rolled-back",
  rolledBack: "rolled-back",
  stuck: "stuck",
  empty: "discarded",
  undecided: "discarded",
  staged: "discarded",
};

function entryOf({ id, state, manifest }: Transaction, leftSeconds: number | null): HistoryEntry {
  return {
    transaction: id,
    state: leftSeconds === null ? (words[state] ?? "pending") : "pending",
    summary: manifest?.summary ?? "",
    backend: manifest?.backend ?? null,
    who: manifest?.who ?? "",
    startedAt: manifest?.startedAt ?? null,
    leftSeconds,
    files: manifest?.files.map(({ path }) => path) ?? [],
  };
}

const roles = {
  pending: "warning",
  confirmed: "hint",
  "rolled-back": "faint",
  stuck: "error",
  discarded: "faint",
} as const;

function entryText(cli: Cli, entry: HistoryEntry): string {
  const { paint } = styleFor(cli, cli.stdout);
  const { transaction, state, summary, who, startedAt, leftSeconds } = entry;
  const when = startedAt === null ? "" : new Date(startedAt * 1000).toISOString().replace("T", " ").slice(0, 16);
  const left = leftSeconds === null ? "" : `, ${leftWords(leftSeconds, "goes back")}`;
  const first = `${transaction}  ${when} UTC  ${paint(roles[state], state)}${left}`;
  return `${first}\n    ${visible(summary)}\n    ${paint("faint", visible(who))}\n`;
}
