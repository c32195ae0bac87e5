import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Order } from "../../src/agent/agent.ts";
import { serveControl } from "../../src/agent/control.ts";
import { pathHistory } from "../../src/agent/path-history.ts";
import type { StatusDocument } from "../../src/report/status-input.ts";
import { healthyStatus } from "../../src/report/testing/statuses.ts";
import { openEvents } from "../../src/store/events.ts";
import type { Kept } from "../../src/watch/chronicle.ts";

/** An agent's socket with a real journal and a real memory of its paths, and a bond that does as it is told. */
export interface Stand {
  readonly socket: string;
  readonly folder: string;
  readonly orders: Order[];
  say(change: (status: StatusDocument) => StatusDocument): void;
  happen(event: Kept): void;
  close(): Promise<void>;
}

/** A stand where all is well, with ten minutes of round trips. */
export async function openStand(): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-live-"));
  const socket = join(folder, "agent.sock");
  const opened = await openEvents(join(folder, "events"), { spool: folder });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const paths = pathHistory();
  const begun = performance.now() + 600_000;
  const now = (): number => begun + performance.now();
  for (let at = now() - 300_000; at < now(); at += 500) {
    for (const [index, { port, target }] of healthyStatus.paths.entries()) {
      paths.note({ port, target, at }, (index + 1) * 2 + (Math.floor(at / 500) % 37 === 0 ? 6 : 0));
    }
  }
  let isClosed = false;
  let status: StatusDocument = { ...healthyStatus, at: Date.now(), since: Date.now() - 3_600_000 };
  const orders: Order[] = [];
  const served = await serveControl(socket, {
    status: () => status,
    store,
    metrics: () => "",
    paths: (query) => paths.read(query, { wall: Date.now(), monotonic: now() }),
    order(order) {
      orders.push(order);
      if (order.type === "pin") status = moved({ ...status, order: { pinned: order.port } }, order.port);
      if (order.type === "auto") status = moved({ ...status, order: "auto" }, "em1");
      if (order.type === "drain" || order.type === "undrain") {
        const drained = order.type === "drain";
        const ports = status.ports.map((port) => (port.name === order.port ? { ...port, drained } : port));
        status = moved({ ...status, ports }, drained ? "wlan0" : "em1");
      }
      return undefined;
    },
  });
  if (!served.ok) throw new Error(served.error);
  return {
    socket,
    folder,
    orders,
    say(change) {
      status = change(status);
    },
    happen: (event) => void store.append(event),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await served.value.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function moved(status: StatusDocument, to: string): StatusDocument {
  const bond = status.bond === null ? null : { ...status.bond, active: to };
  return { ...status, bond, ports: status.ports.map((port) => ({ ...port, active: port.name === to })) };
}

/** A terminal that a test can look at. */
export interface Screen {
  /** Types keys, as tmux calls them: "p", "Enter", "C-c". */
  type(...keys: readonly string[]): void;
  /** What stands there. */
  look(): string;
  /** Looks until it is so. Fails with what stands there after a minute. */
  until(isSo: (text: string) => boolean): Promise<string>;
  /** Whether anything there has a colour. */
  colours(): boolean;
  /** A value of tmux's, such as "#{alternate_on}". */
  ask(format: string): string;
  resize(columns: number, rows: number): void;
  /** Keeps all that is written to the terminal from now on in a file. It is filled beside what stands on the screen, not before it. */
  keep(path: string): void;
  close(): void;
}

/** A server of tmux's is still going when a client that ended it is back: the next one has a name of its own. */
let opened = 0;

/** A shell in a terminal of that size. */
export function openScreen(columns: number, rows: number, env: Readonly<Record<string, string>>): Screen {
  opened += 1;
  const name = `holdfast-${process.pid}-${opened}`;
  const tmux = (...words: readonly string[]): string =>
    execFileSync("tmux", ["-L", name, "-f", "/dev/null", ...words], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const given = Object.entries(env).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  tmux(
    "new-session",
    "-d",
    "-s",
    "one",
    "-x",
    String(columns),
    "-y",
    String(rows),
    ...given,
    "bash --norc --noprofile -i",
  );
  const look = (): string => tmux("capture-pane", "-p", "-t", "one");
  return {
    look,
    colours: () => tmux("capture-pane", "-p", "-e", "-t", "one").includes("\u001b[3"),
    type: (...keys) => void tmux("send-keys", "-t", "one", ...keys),
    ask: (format) => tmux("display-message", "-p", "-t", "one", format).trim(),
    resize: (width, height) => void tmux("resize-window", "-t", "one", "-x", String(width), "-y", String(height)),
    keep: (path) => void tmux("pipe-pane", "-t", "one", `cat > '${path}'`),
    async until(isSo) {
      for (let tries = 0; tries < 600; tries += 1) {
        const text = look();
        if (isSo(text)) return text;
        await pause(100);
      }
      throw new Error(`it never came to that:\n${look()}`);
    },
    close() {
      try {
        tmux("kill-server");
      } catch {
        // It has ended with its last shell.
      }
    },
  };
}
