import { requestDrill } from "../../host/linux/request-drill.ts";
import { orderAgent } from "../agent-client.ts";
import type { OrderDocument } from "../dashboard.ts";
import type { AgentLink } from "../data/agent-link.ts";
import { drillStart } from "../data/request-drill.ts";
import { type Answer, found, refused } from "./answer.ts";
import type { Ask, Handler } from "./respond.ts";

/** What orders are given by. */
export interface OrderDesk {
  readonly socket: string;
  readonly drillSocket: string;
  /** What calls this program as root, in commands that are told. */
  readonly asRoot: string;
  readonly isDrilling: () => boolean;
  readonly agent: AgentLink;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** POST ports/NAME/pin, drain, undrain; POST auto; POST drill. Each is logged with who gave it. */
export function ordersOf(desk: OrderDesk): Readonly<Record<"pin" | "drain" | "undrain" | "auto" | "drill", Handler>> {
  return {
    pin: (ask) => order(desk, ask, "pin"),
    drain: (ask) => order(desk, ask, "drain"),
    undrain: (ask) => order(desk, ask, "undrain"),
    auto: (ask) => order(desk, ask, "auto"),
    drill: (ask) => drill(desk, ask),
  };
}

async function order(desk: OrderDesk, { port, session, address }: Ask, kind: string): Promise<Answer> {
  const query = kind === "auto" ? "" : `?${new URLSearchParams({ port })}`;
  const done = await orderAgent(desk.socket, `/${kind}${query}`, desk.signal);
  const who = `${session?.user ?? ""} from ${address}`;
  if (done.ok) {
    desk.log(`${who}: ${kind}${port === "" ? "" : ` ${port}`}`);
    desk.agent.hurry();
    return found({ ordered: kind } satisfies OrderDocument);
  }
  const { code, message, hint } = done.error;
  return code === "refused" ? refused(422, "refused", message, hint) : refused(503, `agent-${code}`, message, hint);
}

async function drill(desk: OrderDesk, { session, address }: Ask): Promise<Answer> {
  const { state, command, hint } = drillStart(desk.drillSocket, desk.asRoot, desk.isDrilling());
  if (state === "running") return refused(409, "drill-running", "a drill is under way");
  if (state === "by-hand") {
    return refused(409, "by-hand", `nothing here may start a drill: it needs root. Type ${command}`, hint);
  }
  const begun = await requestDrill(desk.drillSocket);
  if (!begun.ok) return refused(409, "drill-refused", `no drill: ${begun.error}`, `Type ${command} to see more.`);
  desk.log(`${session?.user ?? ""} from ${address}: drill`);
  return found({ ordered: "drill" } satisfies OrderDocument);
}
