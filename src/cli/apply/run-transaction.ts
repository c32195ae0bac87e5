import type { ApplyDocument } from "../../api/types.ts";
import { readCaller } from "../../host/linux/session.ts";
import type { Change } from "../../plan/change.ts";
import type { ProbeResult } from "../../plan/protocol.ts";
import { type Applied, apply } from "../../transact/apply.ts";
import { confirm } from "../../transact/confirm.ts";
import type { Ports } from "../../transact/ports.ts";
import { rollBack } from "../../transact/roll-back.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { documentLine, printDocument } from "../style.ts";
import { type Manner, type Narrator, proofLines, sayRefusal, sayWentBack } from "./narrate.ts";
import { tellOwnAgent } from "./tell-own-agent.ts";
import { type End, waitForEnd } from "./wait-for-end.ts";

/** What `apply` and `guard` have in common. */
export interface TransactionWish {
  readonly change: Change;
  readonly summary: string;
  /** From arming to going back. */
  readonly seconds: number;
  /** Who says that it is fine: a token from another session, from any session, or the probes by themselves. */
  readonly confirmation: "new-session" | "any-session" | "probes";
  /** "regressions": something that worked may fail, and it isn't rolled back at once. */
  readonly accept: "nothing" | "regressions";
  /** Whether this waits until it is confirmed or rolled back. */
  readonly until: "ended" | "proven";
  readonly manner: Manner;
}

/** Applies a change and follows it to its end. What the transaction promised holds whatever becomes of this process. */
export async function runTransaction(cli: Cli, ports: Ports, wish: TransactionWish, tale: Narrator): Promise<Exit> {
  const caller = readCaller(cli.env);
  // Ctrl-C before it is proven: back at once, by the same way that anybody else's rollback goes.
  let undoing: Promise<unknown> | undefined;
  const undo = (): void => {
    undoing ??= rollBack(ports);
  };
  cli.signal.addEventListener("abort", undo, { once: true });
  const applied = await apply(
    ports,
    {
      change: wish.change,
      summary: wish.summary,
      who: caller.who,
      session: wish.confirmation === "any-session" ? "" : caller.session,
      seconds: wish.seconds,
    },
    { tell: (progress) => tale.progress(progress), accept: wish.accept },
  );
  cli.signal.removeEventListener("abort", undo);
  await undoing;
  await tellOwnAgent(ports);
  const exit = await conclude(cli, ports, wish, tale, applied);
  // Whoever confirmed it tells so, and who it was; what a timer takes back nobody else tells.
  if (exit !== "fine") await ports.clock.sleep(0.5);
  if (exit !== "fine" || wish.confirmation === "probes") await tellOwnAgent(ports);
  return exit;
}

async function conclude(
  cli: Cli,
  ports: Ports,
  wish: TransactionWish,
  tale: Narrator,
  applied: Applied,
): Promise<Exit> {
  switch (applied.outcome) {
    case "refused":
      tell(cli, wish, { state: "refused", verdict: "refused", transaction: null, refusal: applied.refusal });
      if (wish.manner === "text") sayRefusal(cli, applied.refusal);
      return "refused";
    case "went-back": {
      if (wish.manner === "text") sayWentBack(cli, applied);
      const { id, why, lost, back } = applied;
      const end = back.outcome === "stuck" ? "stuck" : "rolled-back";
      tell(cli, wish, { state: end, verdict: "rolled-back", transaction: id, why, probes: lost });
      return exitOf(end);
    }
    case "overtaken": {
      const end = await waitForEnd({ ports, id: applied.id, signal: cli.signal, onTick: () => {} });
      tale.line("Rolled back meanwhile, by its timer or by somebody.");
      tell(cli, wish, { state: end, verdict: "rolled-back", transaction: applied.id });
      return exitOf(end === "pending" ? "rolled-back" : end);
    }
    case "verified":
      return await verified(cli, ports, wish, tale, applied);
  }
}

async function verified(
  cli: Cli,
  ports: Ports,
  wish: TransactionWish,
  tale: Narrator,
  applied: Extract<Applied, { outcome: "verified" }>,
): Promise<Exit> {
  const { id, probes, deadline, token } = applied;
  for (const line of proofLines(cli, probes)) tale.line(line);
  const left = (): number => Math.max(0, Math.round(deadline - ports.clock.now()));
  if (wish.confirmation === "probes") {
    tale.line("In place and proven; proven twice more, ten seconds apart, before it stays.");
    const confirmed = await confirm(ports, { by: "probes" });
    if (!confirmed.ok) sayRefusal(cli, confirmed.error);
  } else {
    const failing = probes.filter(({ passed, weight }) => !passed && weight === "must").length;
    const how = failing === 0 ? "In place and proven." : `In place; ${failing} of the probes above fail.`;
    tale.line(`${how} Confirm it within ${left()} s from a new session, with the line above.`);
    if (wish.until === "proven") {
      tell(cli, wish, { state: "verified", verdict: "pending", transaction: id, probes, deadline, token });
      return "fine";
    }
  }
  if (wish.manner === "lines") cli.stdout.write(`${documentLine({ what: "verified", id, deadline })}\n`);
  const onTick = (seconds: number): void => tale.passing(`goes back in ${Math.round(seconds)} s unless confirmed`);
  const end = await waitForEnd({ ports, id, signal: cli.signal, onTick });
  tale.passing("");
  tale.line(endLine(end, left()));
  tell(cli, wish, { state: end, verdict: end === "confirmed" ? "confirmed" : end, transaction: id, probes });
  return exitOf(end);
}

function endLine(end: End, left: number): string {
  if (end === "confirmed") return "Confirmed: it stays.";
  if (end === "rolled-back") {
    const why =
      left > 0 ? "Rolled back by somebody else before its time was over." : "Not confirmed in time: rolled back.";
    return `${why} Files and network are what they were.`;
  }
  if (end === "stuck") return "NOT rolled back completely: look at it now (holdfast history).";
  return `Left pending: it goes back in ${left} s, unless it is confirmed.`;
}

function exitOf(end: End): Exit {
  if (end === "rolled-back") return "rolledBack";
  return end === "stuck" ? "findings" : "fine";
}

type Told = Pick<ApplyDocument, "transaction" | "state" | "verdict"> & {
  readonly refusal?: { readonly message: string; readonly hint: string };
  readonly why?: string;
  readonly probes?: readonly ProbeResult[];
  readonly deadline?: number;
  readonly token?: string;
};

function tell(cli: Cli, { manner, change, summary }: TransactionWish, { deadline, ...told }: Told): void {
  if (manner === "text") return;
  const document: ApplyDocument = {
    ...told,
    deadline: deadline ?? null,
    summary,
    backend: change.backend,
    files: change.files.map(({ path }) => path),
  };
  if (manner === "silent") printDocument(cli, document);
  else cli.stdout.write(`${documentLine({ what: "ended", ...document })}\n`);
}
