import type { Message, Severity } from "./message.ts";

/** The body of a webhook, and what a hook reads on its standard input. Keys are added, never renamed or taken away. */
export interface WebhookBody {
  readonly id: string;
  readonly host: string;
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
  /** Absent where there is nothing to do. */
  readonly todo?: string;
  /** In order. `at` is the wall clock, ms since 1970; `what` says which other keys an event has. */
  readonly events: readonly { readonly id: number; readonly at: number; readonly what: string }[];
  readonly count: number;
  /** Events that will never be told: nobody took them for seven days. */
  readonly missed: number;
}

/** A message as JSON for programs. */
export function webhookBody(message: Message): string {
  const { id, host, severity, title, text, todo, events, count, missed } = message;
  const body: WebhookBody = {
    id,
    host,
    severity,
    title,
    text,
    ...(todo === undefined ? {} : { todo }),
    events: events.map((stored) => ({ id: stored.id, at: stored.at, ...stored.event })),
    count,
    missed,
  };
  return JSON.stringify(body);
}

const ntfyPriority: Readonly<Record<Severity, number>> = { notice: 3, warning: 4, critical: 5 };
const ntfyTag: Readonly<Record<Severity, string>> = {
  notice: "white_check_mark",
  warning: "warning",
  critical: "rotating_light",
};
/** ntfy turns longer texts into attachments, which phones don't show. */
const NTFY_BYTES = 3_800;

/** A message as ntfy publishes it. JSON, so that a title may hold any letter. */
export function ntfyBody(topic: string, message: Message): string {
  return JSON.stringify({
    topic,
    title: message.title,
    message: within(NTFY_BYTES, paragraphs(message)),
    priority: ntfyPriority[message.severity],
    tags: [ntfyTag[message.severity]],
  });
}

/** The text of a mail. */
export function mailText(message: Message): string {
  const foot = `-- \nHoldfast on ${message.host}, message ${message.id}`;
  return `${paragraphs(message).join("\n\n")}\n\n${foot}\n`;
}

function paragraphs({ text, todo, lines }: Message): readonly string[] {
  return [text, ...(todo === undefined ? [] : [todo]), ...(lines.length === 0 ? [] : [lines.join("\n")])];
}

/** The text shortened to so many bytes of UTF-8, by whole characters. */
function within(bytes: number, parts: readonly string[]): string {
  const text = parts.join("\n\n");
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= bytes) return text;
  let size = 0;
  let kept = "";
  for (const character of text) {
    size += encoder.encode(character).length;
    if (size > bytes - 3) break;
    kept += character;
  }
  return `${kept}…`;
}

/** What a hook finds in its environment: a stable contract, documented in docs/guide/notify.md. */
export function hookEnvironment(message: Message): Readonly<Record<string, string>> {
  const latest = message.events.at(-1);
  const event: Readonly<Record<string, unknown>> = { ...latest?.event };
  const fields = ["port", "from", "to", "cause", "target", "usable", "declared"].flatMap((key) => {
    const value = event[key];
    return typeof value === "string" || typeof value === "number"
      ? [[`HOLDFAST_${key.toUpperCase()}`, plain(String(value))] as const]
      : [];
  });
  return {
    HOLDFAST_ID: message.id,
    HOLDFAST_HOST: plain(message.host),
    HOLDFAST_SEVERITY: message.severity,
    HOLDFAST_TITLE: message.title,
    HOLDFAST_TEXT: message.text,
    HOLDFAST_TODO: message.todo ?? "",
    HOLDFAST_EVENT: latest === undefined ? "" : latest.event.what,
    HOLDFAST_TIME: String(Math.floor(message.at / 1_000)),
    HOLDFAST_COUNT: String(message.count),
    ...Object.fromEntries(fields),
  };
}

/** The kernel and execve end a value at NUL; a line break would make two lines of it in a log. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, " ");
}
