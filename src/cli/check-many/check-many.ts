import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type SeverityCounts, summary } from "../../diagnostic/print-text.ts";
import type { CheckRequest } from "../check-paths.ts";
import type { Cli } from "../command.ts";
import { cleanText, docsOf, mostCleanPaths, type ReportFormat, reportDocument } from "../print-report.ts";
import { checkProgressOn } from "../progress.ts";
import { setting, styleFor } from "../style.ts";
import { aroundList } from "./document-list.ts";
import type { Tally, Task } from "./part.ts";
import { startThread, type Thread } from "./thread.ts";

/* Small enough that no thread waits long for the last one, large enough that asking costs nothing. */
const pathsInPart = 40;

/* Two cores halve it; beyond a few the disk is what one waits for, and every thread has a heap of its own. */
const mostThreads = 4;

/** What there is to know of a check beyond what it printed. */
export interface ManyChecked {
  readonly counts: SeverityCounts;
  /** Paths nothing could be read from. */
  readonly unread: number;
}

/** Checks many paths on several threads and prints the report, which is the same as that of `checkPaths`, byte for byte. First all are
 *  looked at, then all are printed: no secret of any path may be in the words about another. Rejects when a thread breaks. */
export async function checkMany(cli: Cli, request: CheckRequest, format: ReportFormat): Promise<ManyChecked> {
  // Nobody tells a listener that comes too late.
  if (cli.signal.aborted) return { unread: 0, counts: added([]) };
  const task: Task = {
    request: { ...request, paths: [] },
    format,
    setting: setting(cli, cli.stdout),
    home: cli.home,
    version: cli.version,
  };
  const parts: (readonly string[])[] = [];
  for (let at = 0; at < request.paths.length; at += pathsInPart) parts.push(request.paths.slice(at, at + pathsInPart));
  const count = Math.min(Math.max(1, availableParallelism()), mostThreads, parts.length);
  const threads = Array.from({ length: count }, () => startThread(join(cli.home, "dist/check-worker.js"), task));
  const progress = checkProgressOn(cli.stderr, request.paths.length);
  const end = () => Promise.all(threads.map((thread) => thread.end()));
  cli.signal.addEventListener("abort", end, { once: true });
  try {
    const { tallies, holders } = await lookAt(parts, threads, progress.tell).finally(progress.end);
    return await printAll(cli, { task, tallies, holders, threads });
  } catch (problem) {
    // Ctrl-C ends threads too, and is nobody's fault.
    if (cli.signal.aborted) return { unread: 0, counts: added([]) };
    throw problem;
  } finally {
    cli.signal.removeEventListener("abort", end);
    await end();
  }
}

/** Hands out the parts: to each thread the next one when it has done its last. */
async function lookAt(
  parts: readonly (readonly string[])[],
  threads: readonly Thread[],
  tell: (count: number) => void,
) {
  const tallies: Tally[] = [];
  const holders: Thread[] = [];
  let next = 0;
  let done = 0;
  const work = async (thread: Thread): Promise<void> => {
    for (let part = next++; part < parts.length; part = next++) {
      holders[part] = thread;
      const paths = parts[part] ?? [];
      tallies[part] = await thread.look(part, paths);
      done += paths.length;
      tell(done);
    }
  };
  await Promise.all(threads.map(work));
  return { tallies, holders };
}

interface Looked {
  readonly task: Task;
  readonly tallies: readonly Tally[];
  /** Which thread holds a part. */
  readonly holders: readonly Thread[];
  readonly threads: readonly Thread[];
}

async function printAll(cli: Cli, { task, tallies, holders, threads }: Looked): Promise<ManyChecked> {
  const known = {
    codes: sortedSet(tallies.flatMap(({ codes }) => codes)),
    secrets: sortedSet(tallies.flatMap(({ secrets }) => secrets)),
  };
  for (const thread of threads) thread.learn(known);
  const counts = added(tallies.map((one) => one.counts));
  const { format } = task;
  if (format === "text") {
    for await (const text of inOrder(holders)) cli.stdout.write(text);
    if (known.codes.length > 0) cli.stdout.write(`${summary(counts, styleFor(cli, cli.stdout))}\n`);
    const clean = tallies.reduce((sum, one) => sum + one.clean, 0);
    cli.stdout.write(cleanText(tallies.flatMap((one) => one.firstClean).slice(0, mostCleanPaths), clean));
  } else {
    const about = { version: cli.version, docs: await docsOf(cli) };
    const whole = { codes: known.codes, redact: (text: string) => text };
    const empty = reportDocument({ diagnostics: [], files: new Map() }, format, about, whole);
    if (known.codes.length === 0) cli.stdout.write(empty);
    else await printEntries(cli, aroundList(empty, format), holders);
  }
  return { counts, unread: tallies.reduce((sum, one) => sum + one.unread, 0) };
}

async function printEntries(cli: Cli, [head, tail]: readonly [string, string], holders: readonly Thread[]) {
  let before = head;
  for await (const entries of inOrder(holders)) {
    if (entries === "") continue;
    cli.stdout.write(before + entries);
    before = ",";
  }
  cli.stdout.write(tail);
}

/** What the parts print, in the order of the paths. Every thread is at work on its next one all the time. */
async function* inOrder(holders: readonly Thread[]): AsyncGenerator<string> {
  const last = new Map<Thread, Promise<unknown>>();
  const printed = holders.map((thread, part) => {
    const text = (last.get(thread) ?? Promise.resolve()).then(() => thread.print(part));
    // Whoever waits for it is told; until then a thread that broke is not an accident of its own.
    text.catch(() => {});
    last.set(thread, text);
    return text;
  });
  for (const [part, text] of printed.entries()) {
    yield await text;
    // What is printed is forgotten.
    printed[part] = Promise.resolve("");
  }
}

function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function added(all: readonly SeverityCounts[]): SeverityCounts {
  const sum = { error: 0, warning: 0, advice: 0 };
  for (const one of all) {
    sum.error += one.error;
    sum.warning += one.warning;
    sum.advice += one.advice;
  }
  return sum;
}
