import { askAgent, orderAgent } from "../../api/agent-client.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import type { PortOrder } from "./port-order.ts";
import { isSettled, postsOf } from "./port-order.ts";

/** Why an order wasn't taken. refused: it can't be one, as the agent says; else it could not be asked. */
export interface OrderProblem {
  readonly code: "absent" | "denied" | "failed" | "refused";
  readonly message: string;
  readonly hint: string;
}

/** A move takes some hundredths of a second; what isn't done by then waits for something else, ms. */
const settleMs = 1_500;
const lookAgainMs = 50;

/** Gives an order to the agent: the status once it has been followed, or when it is plain that it won't be for now. */
export async function giveOrder(
  socket: string,
  order: PortOrder,
  signal: AbortSignal,
): Promise<Result<StatusDocument, OrderProblem>> {
  const before = await statusOf(socket, signal);
  if (!before.ok) return before;
  for (const path of postsOf(order, before.value)) {
    const done = await orderAgent(socket, path, signal);
    if (!done.ok) return failed(done.error);
  }
  const until = performance.now() + settleMs;
  for (;;) {
    const now = await statusOf(socket, signal);
    if (!now.ok || isSettled(order, now.value) || performance.now() >= until) return now;
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
  }
}

/** The agent's own word; the kernel's would be of no use to whoever gives orders. */
export async function statusOf(socket: string, signal: AbortSignal): Promise<Result<StatusDocument, OrderProblem>> {
  const told = await askAgent<StatusDocument>(socket, "/status", signal);
  return told.ok ? ok(told.value) : failed(told.error);
}
