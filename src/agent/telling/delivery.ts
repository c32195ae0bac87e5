import type { Result } from "../../model/result.ts";
import type { Message } from "../../notify/message.ts";

/** Brings a message to one recipient. Never throws; ends soon after the signal. */
export type Deliver = (message: Message, signal: AbortSignal) => Promise<Result<Delivered, Refusal>>;

export interface Delivered {
  /** Something for the log although the message counts as delivered. */
  readonly remark?: string;
}

/** Why a message was not taken, fit for a log: no secret, no path of an address. It is sent again later. */
export interface Refusal {
  readonly reason: string;
  /** The recipient asked to be let alone for so long. */
  readonly afterMs?: number;
  /** It would take less. */
  readonly tooLarge?: boolean;
  /** The log has it already, from whoever keeps the connection. */
  readonly said?: "already";
}
