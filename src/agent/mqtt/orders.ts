import type { MqttCommand } from "../../model/notify.ts";
import type { Order } from "../agent.ts";
import type { Incoming } from "./connection.ts";
import type { Topics } from "./topics.ts";

/** What a message on an order's topic wants. */
export type Wanted =
  | { readonly do: "order"; readonly order: Order; readonly command: MqttCommand }
  | { readonly do: "drill"; readonly command: "drill" }
  /** Nothing that can be obeyed; the text says why, without what was sent. */
  | { readonly do: "refuse"; readonly why: string; readonly command: MqttCommand };

/** More than the longest interface name. */
const MOST_BYTES = 64;

/** The topics of what may be ordered. */
export function orderTopics(topics: Topics, commands: readonly MqttCommand[]): readonly string[] {
  return commands.map((command) => topics[command]);
}

/** What is wanted; undefined: the message is no order that is allowed, on no topic of ours. A message the broker has kept is none: it would be
 *  obeyed again with every new connection. */
export function wantedBy(topics: Topics, commands: readonly MqttCommand[], message: Incoming): Wanted | undefined {
  const command = commands.find((one) => topics[one] === message.topic);
  // By an empty one a broker is told to forget what it keeps; to whoever listens it comes as a new one.
  if (command === undefined || message.payload.length === 0) return undefined;
  if (message.retain)
    return { do: "refuse", why: "an order that the broker keeps is obeyed by nobody: send it without retain", command };
  if (command === "drill") return { do: "drill", command };
  const text = message.payload.length > MOST_BYTES ? "" : new TextDecoder().decode(message.payload);
  if (text === "auto") return { do: "order", order: { type: "auto" }, command };
  // Not in an excerpt of what came: whoever may write there needn't get into the log.
  if (!/^[^\s/\p{C}]{1,15}$/u.test(text)) return { do: "refuse", why: "that is no port's name, nor auto", command };
  return { do: "order", order: { type: "pin", port: text }, command };
}
