import type { EventsDocument } from "../../api/types.ts";
import type { StoredEvent } from "../../store/events.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { documentLine, printDocument } from "../style.ts";
import { eventPlaces, findEvents, followEvents, linePrinter } from "./events.ts";
import { kernelHistory } from "./kernel-log.ts";

/** What `events` was asked for. */
export interface EventsRequest {
  readonly since: number | undefined;
  readonly limit: number | undefined;
  readonly follow: boolean;
  readonly journal: string | undefined;
  readonly socket: string | undefined;
  readonly json: boolean;
}

/** Prints the events asked for, oldest first, and goes on with those that happen if asked to. */
export async function showEvents(cli: Cli, request: EventsRequest): Promise<Exit> {
  const places = eventPlaces(request);
  const query = {
    ...(request.since === undefined ? {} : { since: request.since }),
    ...(request.limit === undefined ? {} : { limit: request.limit }),
    order: "newest-first",
  } as const;
  const found = await findEvents(places, query, cli.signal);
  if (!found.ok) return sayUsage(cli, found.error.message, found.error.hint);
  const { events, damaged } = found.value;
  const print = request.json ? jsonLine(cli) : linePrinter(cli);
  if (request.json && !request.follow) {
    printDocument(cli, { events, damaged } satisfies EventsDocument);
  } else {
    for (const event of events) print(event);
    if (damaged > 0) cli.stderr.write(`holdfast: ${damaged} damaged places of the journal were skipped\n`);
    if (events.length === 0 && !request.json) cli.stdout.write(nothing(request));
  }
  if (!request.follow) return "fine";
  const followed = await followEvents(places, events.at(-1)?.id ?? 0, cli.signal, print);
  return followed.ok ? "fine" : sayUsage(cli, followed.error.message, followed.error.hint);
}

function nothing({ since }: EventsRequest): string {
  if (since !== undefined) return "No events since then.\n";
  return "No events yet. holdfast events --kernel-log shows what the kernel remembers.\n";
}

function jsonLine(cli: Cli): (event: StoredEvent) => void {
  return (event) => cli.stdout.write(`${documentLine(event)}\n`);
}

/** What to show of a kernel log. */
export interface KernelLogRequest {
  readonly files: readonly string[];
  readonly bond: string | undefined;
  readonly since: number | undefined;
  readonly limit: number | undefined;
  readonly json: boolean;
}

/** Prints what kernel logs tell of one bond. */
export async function showKernelLog(cli: Cli, request: KernelLogRequest): Promise<Exit> {
  const read = await kernelHistory({ ...request, cwd: cli.cwd });
  if (!read.ok) return sayUsage(cli, read.error.message, read.error.hint);
  const { bond, others, clock } = read.value;
  const recent = read.value.events.filter(({ at }) => clock !== "wall" || at >= (request.since ?? 0));
  const events = request.limit === undefined ? recent : recent.slice(Math.max(0, recent.length - request.limit));
  if (request.json) {
    printDocument(cli, { events, damaged: 0 } satisfies EventsDocument);
    return "fine";
  }
  if (events.length === 0) cli.stdout.write(`The log tells nothing of ${request.bond ?? "any bond"}.\n`);
  const print = linePrinter(cli, clock);
  for (const event of events) print(event);
  if (others.length > 0 && request.bond === undefined) {
    cli.stderr.write(`holdfast: this is ${bond}; the log also tells of ${others.join(", ")} (--bond NAME)\n`);
  }
  return "fine";
}
