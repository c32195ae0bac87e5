import type { TransactionDocument } from "../../api/types.ts";
import { isSameSession, readCaller } from "../../host/linux/session.ts";
import { confirm } from "../../transact/confirm.ts";
import { extend } from "../../transact/extend.ts";
import { hostPorts } from "../../transact/host-ports.ts";
import type { Refusal } from "../../transact/refusal.ts";
import { pending } from "../../transact/status.ts";
import { activeId } from "../../transact/transaction.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { printDocument } from "../style.ts";
import { sayRefusal } from "./narrate.ts";
import { tellOwnAgent } from "./tell-own-agent.ts";
import { unlessRoot } from "./unless-root.ts";

export type Format = "text" | "json";

/** Makes the pending change stay. */
export async function confirmCommand(
  cli: Cli,
  token: string,
  from: "new-session" | "same-session",
  format: Format,
): Promise<Exit> {
  const denied = unlessRoot(cli);
  if (denied !== undefined) return denied;
  const ports = hostPorts();
  const applied = pending(ports)?.manifest?.session ?? "";
  const own = readCaller(cli.env).session;
  // A session has several names; one that is shared is enough to be the same.
  const session = from === "same-session" ? from : isSameSession(own, applied) ? applied : own;
  const done = await confirm(ports, { by: "token", token, session });
  if (!done.ok) return refuse(cli, done.error, format);
  await tellOwnAgent(ports, { id: done.value.id, who: readCaller(cli.env).who });
  if (format === "json") answer(cli, { transaction: done.value.id, state: "confirmed", deadline: null });
  else cli.stdout.write(`Confirmed: ${done.value.id} stays.\n`);
  if (done.value.untidy !== undefined) cli.stderr.write(`holdfast: left to be tidied up: ${done.value.untidy}\n`);
  return "fine";
}

/** Gives the pending change so many seconds from now. */
export async function extendCommand(cli: Cli, seconds: number, format: Format): Promise<Exit> {
  const denied = unlessRoot(cli);
  if (denied !== undefined) return denied;
  const ports = hostPorts();
  const done = await extend(ports, seconds);
  if (!done.ok) return refuse(cli, done.error, format);
  const { deadline } = done.value;
  if (format === "json") answer(cli, { transaction: activeId(ports) ?? null, state: "extended", deadline });
  else cli.stdout.write(`It goes back in ${seconds} s, unless it is confirmed.\n`);
  return "fine";
}

/** Says why it was not done: the exit. */
export function refuse(cli: Cli, refusal: Refusal, format: Format): Exit {
  const { code, message, hint } = refusal;
  if (format === "json") {
    const transaction = activeId(hostPorts()) ?? null;
    answer(cli, { transaction, state: "refused", deadline: null, refusal: { code, message, hint } });
  } else sayRefusal(cli, refusal);
  if (code === "too-late") return "rolledBack";
  return code === "no-transaction" || code === "confirmed-already" ? "findings" : "refused";
}

/** What `--json` prints of a decision. */
export function answer(cli: Cli, document: TransactionDocument): void {
  printDocument(cli, document);
}
