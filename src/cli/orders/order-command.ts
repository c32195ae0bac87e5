import type { OrderedDocument } from "../../api/types.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { printDocument } from "../style.ts";
import { giveOrder, type OrderProblem, statusOf } from "./give-order.ts";
import { isSettled, type PortOrder, riskOf, saidOf } from "./port-order.ts";

/** An order as it was typed. */
export interface OrderRequest {
  readonly socket: string;
  readonly order: PortOrder;
  /** heed: traffic isn't sent where nothing gets through. */
  readonly risk: "heed" | "take";
  readonly format: "text" | "json";
}

/** `holdfast pin`, `drain` and `auto`: asks, orders, waits for the move, and says what came of it. */
export async function orderCommand(cli: Cli, { socket, order, risk, format }: OrderRequest): Promise<Exit> {
  if (order.order === "pin" && risk === "heed") {
    const status = await statusOf(socket, cli.signal);
    if (!status.ok) return sayProblem(cli, order, status.error);
    const why = riskOf(order.port, status.value);
    if (why !== "") return sayRisk(cli, order.port, why);
  }
  const done = await giveOrder(socket, order, cli.signal);
  if (!done.ok) return sayProblem(cli, order, done.error);
  const said = saidOf(order, done.value);
  const ports = order.order === "auto" ? order.ports : [order.port];
  if (format === "json") {
    printDocument(cli, { ordered: order.order, ports, said, status: done.value } satisfies OrderedDocument);
  } else cli.stdout.write(`${said}\n`);
  return isSettled(order, done.value) ? "fine" : "findings";
}

function sayRisk(cli: Cli, port: string, why: string): Exit {
  cli.stderr.write(`holdfast: ${port} isn't pinned: ${why}\n  Mend it first; --force pins it all the same.\n`);
  return "refused";
}

function sayProblem(cli: Cli, order: PortOrder, { code, message, hint }: OrderProblem): Exit {
  // Who has no agent at three in the morning has the kernel still.
  const byHand =
    code === "absent" && order.order === "pin" ? " Without one: ip link set BOND type bond active_slave PORT." : "";
  return sayUsage(cli, message, hint + byHand);
}
