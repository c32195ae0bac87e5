import type { NotifySettings } from "../../model/notify.ts";
import type { Message } from "../../notify/message.ts";
import { type RecipientDeps, recipients } from "./recipients.ts";

/** What came of one test message. */
export interface Tried {
  /** As in logs and metrics: "ntfy", "webhook", "mail", "hook-10-lamp". */
  readonly name: string;
  readonly taken: boolean;
  /** Why it was not taken, or what is to be said although it was; "" nothing. Holds no secret. */
  readonly remark: string;
  readonly tookMs: number;
}

/** Sends one message to everybody the configuration names, all at once, past queue and history: what fails isn't repeated. */
export async function tryRecipients(
  notify: NotifySettings,
  deps: RecipientDeps,
  at: number,
  signal: AbortSignal,
): Promise<readonly Tried[]> {
  const everybody = await recipients(notify, deps);
  const message = testMessage(deps.host, at);
  return Promise.all(
    everybody.map(async ({ name, deliver }) => {
      const began = performance.now();
      const answer = await deliver(message, signal);
      const remark = answer.ok ? (answer.value.remark ?? "") : answer.error.reason;
      return { name, taken: answer.ok, remark, tookMs: Math.round(performance.now() - began) };
    }),
  );
}

/** One that nothing has caused: it tells no events. */
function testMessage(host: string, at: number): Message {
  return {
    id: `${host.replaceAll(/[^A-Za-z0-9-]/g, "-").slice(0, 40)}.test.${at.toString(36)}`,
    host,
    severity: "notice",
    title: `${host}: a test message`,
    text: "This is a test: somebody ran holdfast notify --test. Nothing has happened.",
    todo: undefined,
    lines: [],
    events: [],
    count: 0,
    missed: 0,
    from: at,
    at,
  };
}
