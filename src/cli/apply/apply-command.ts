import { agentPlaces } from "../../agent/places.ts";
import type { ApplyDocument } from "../../api/types.ts";
import { visible } from "../../diagnostic/visible.ts";
import type { BackendName } from "../../plan/change.ts";
import { expectationOf } from "../../transact/probes/expectation.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { printDocument, styleFor } from "../style.ts";
import { besideAgent } from "./agents-primary.ts";
import { makePlan } from "./make-plan.ts";
import { narrator } from "./narrate.ts";
import { openPorts } from "./open-ports.ts";
import { printPlan } from "./print-plan.ts";
import { runTransaction, type TransactionWish } from "./run-transaction.ts";
import { unlessRoot } from "./unless-root.ts";

export interface ApplyWish extends Pick<TransactionWish, "seconds" | "confirmation" | "accept" | "until" | "manner"> {
  readonly path: string;
  readonly to?: BackendName;
  /** Codes of findings that shall not stop it. */
  readonly acceptFindings: readonly string[];
}

/** Plans, and does it under the dead-man's hand. */
export async function applyCommand(cli: Cli, wish: ApplyWish): Promise<Exit> {
  const denied = unlessRoot(cli);
  if (denied !== undefined) return denied;
  const { path, to, acceptFindings, manner, seconds } = wish;
  const outcome = await makePlan({
    path,
    cwd: cli.cwd,
    root: "/",
    accept: acceptFindings,
    ...(to === undefined ? {} : { to }),
  });
  if (outcome.kind !== "planned") return printPlan(cli, outcome, manner === "text" ? "text" : "json");
  const { plan, declared } = outcome;
  if (plan.isNothing) {
    const said = { transaction: null, state: "nothing-to-do", verdict: "nothing-to-do", deadline: null } as const;
    const document: ApplyDocument = { ...said, summary: plan.summary, backend: plan.change.backend, files: [] };
    if (manner === "text") return printPlan(cli, outcome, "text");
    printDocument(cli, document);
    return "fine";
  }
  const tale = narrator(cli, { manner, seconds, change: plan.change });
  const wanted = { ...declared, bonds: plan.merged.wanted.bonds, interfaces: plan.merged.wanted.interfaces };
  const opened = openPorts(cli, {
    expectation: await besideAgent(expectationOf(wanted), agentPlaces.socket),
    patienceSeconds: patienceFor(seconds),
    onProgress: tale.passing,
  });
  if (typeof opened === "string") return opened;
  try {
    tale.line(styleFor(cli, cli.stdout).paint("strong", visible(plan.summary)));
    return await runTransaction(cli, opened.ports, { ...wish, change: plan.change, summary: plan.summary }, tale);
  } finally {
    opened.close();
  }
}

/** How long what has changed may take to settle: a third of the time there is, and no longer than spanning tree. */
export function patienceFor(seconds: number): number {
  return Math.min(40, seconds / 3);
}
