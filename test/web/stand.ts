import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Order } from "../../src/agent/agent.ts";
import { serveControl } from "../../src/agent/control.ts";
import { pathHistory } from "../../src/agent/path-history.ts";
import { digestOf, renderUsers } from "../../src/api/server/passwords.ts";
import { type Dashboard, startDashboard } from "../../src/api/server/start-dashboard.ts";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import { withDefaults } from "../../src/model/defaults.ts";
import type { StatusDocument } from "../../src/report/status-input.ts";
import { type EventStore, openEvents } from "../../src/store/events.ts";
import type { Kept } from "../../src/watch/chronicle.ts";
import { root } from "../house/source.ts";
import { seedEvents, seedPaths, seedProofs } from "./seed.ts";

/** Passwords of the stand's users. */
export const passwords = { operator: "correct horse battery", viewer: "only looking around" };

/** A dashboard with everything real but the brain: the page as built, the server, the agent's socket, a journal with a month in it. */
export interface Stand {
  readonly url: string;
  /** Orders that came through. */
  readonly orders: readonly Order[];
  /** Changes what the agent says of the host. */
  status(change: Partial<StatusDocument>): void;
  /** Something happens now. */
  happen(event: Kept): void;
  /** The agent dies, and comes back. */
  agentGone(): Promise<void>;
  agentBack(): Promise<void>;
  /** The server itself. */
  serverGone(): Promise<void>;
  serverBack(): Promise<void>;
  close(): Promise<void>;
}

export interface StandOptions {
  /** The holdfast.yaml; absent: the powerline example. "" none. */
  readonly config?: string;
  /** Nothing has happened and nothing was rehearsed. */
  readonly isNew?: boolean;
}

const example = readFileSync(join(root, "examples/powerline-wifi.yaml"), "utf8");

/** Opens a stand on a port of its own. */
export async function openStand({ config = example, isNew = false }: StandOptions = {}): Promise<Stand> {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-dashboard-"));
  const at = (name: string): string => join(directory, name);
  if (config !== "") writeFileSync(at("holdfast.yaml"), config);
  await writeUsers(at("dashboard.passwords"));
  let wall = Date.now;
  const opened = await openEvents(at("events"), { wall: () => wall(), monotonic: () => wall() });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const paths = pathHistory();
  if (!isNew) {
    seedEvents(store, (clock) => {
      wall = clock;
    });
    seedPaths(paths);
    mkdirSync(at("drills"), { recursive: true });
    seedProofs(
      { drills: at("drills"), rehearsals: at("rehearsals") },
      withDefaults(parseHoldfast("holdfast.yaml", config).config),
    );
  }
  let status = calmStatus(isNew);
  const orders: Order[] = [];
  const hooks = {
    status: () => ({ ...status, at: Date.now() }),
    store,
    metrics: () => "",
    paths: (query: Parameters<typeof paths.read>[0]) => paths.read(query, { wall: Date.now(), monotonic: Date.now() }),
    order: (order: Order) => {
      orders.push(order);
      return undefined;
    },
  };
  const serve = async () => {
    const served = await serveControl(at("agent.sock"), hooks);
    if (!served.ok) throw new Error(served.error);
    return served.value;
  };
  let control = await serve();
  const port = await freePort();
  const start = () => startOn(port, at);
  let dashboard = await start();
  return {
    url: `http://127.0.0.1:${port}/`,
    orders,
    status(change) {
      status = { ...status, ...change };
    },
    happen: (event) => void store.append(event),
    agentGone: () => control.close(),
    async agentBack() {
      control = await serve();
    },
    serverGone: () => dashboard.stop(),
    async serverBack() {
      dashboard = await start();
    },
    close: () => closeAll({ dashboard, control, store, directory }),
  };
}

async function closeAll(stand: {
  readonly dashboard: Dashboard;
  readonly control: { close(): Promise<void> };
  readonly store: EventStore;
  readonly directory: string;
}): Promise<void> {
  await stand.dashboard.stop();
  await stand.control.close();
  await stand.store.close();
  rmSync(stand.directory, { recursive: true, force: true });
}

async function startOn(port: number, at: (name: string) => string): Promise<Dashboard> {
  const places = {
    config: at("holdfast.yaml"),
    socket: at("agent.sock"),
    events: at("events"),
    spool: at("spool"),
    drills: at("drills"),
    rehearsals: [at("rehearsals")],
    drillSocket: at("drill.sock"),
    asRoot: "sudo holdfast",
    hardware: at("no-hardware"),
    page: join(root, "dist/web"),
    openApi: at("openapi.json"),
  };
  const settings = { listen: `127.0.0.1:${port}` };
  const started = await startDashboard({ settings, places, version: "0.1.0", log: () => {} });
  if (!started.ok) throw new Error(started.error.message);
  return started.value;
}

async function writeUsers(path: string): Promise<void> {
  const users = await Promise.all(
    (["operator", "viewer"] as const).map(async (role) => ({
      name: role,
      role,
      digest: await digestOf(passwords[role]),
    })),
  );
  writeFileSync(path, renderUsers(users), { mode: 0o600 });
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function calmStatus(isNew: boolean): StatusDocument {
  const now = Date.now();
  const common = { present: true, drained: false, metered: false, usable: true, note: "", carrier: true };
  const alive = { state: "alive" as const, loss: 0 };
  return {
    source: "agent",
    at: now,
    bond: {
      name: "bond0",
      mode: "active-backup",
      carrier: true,
      active: "em1",
      primary: "em1",
      miimon: 100,
      arpInterval: 0,
      addresses: ["192.168.1.105/24"],
    },
    ports: [
      { ...common, name: "em1", medium: "wired", active: true, speedMbps: 1000, failures: 3 },
      { ...common, name: "wlan0", medium: "radio", active: false, speedMbps: 144, failures: 0 },
    ],
    paths: [
      { ...alive, port: "em1", target: "192.168.1.254", rttMs: 2.4, answeredAgoMs: 800 },
      { ...alive, port: "em1", target: "9.9.9.9", rttMs: 14.2, answeredAgoMs: 1_500 },
      { ...alive, port: "wlan0", target: "192.168.1.254", rttMs: 5.8, answeredAgoMs: 900 },
      { ...alive, port: "wlan0", target: "9.9.9.9", rttMs: 18.8, answeredAgoMs: 1_100 },
    ],
    redundancy: { usable: 2, declared: 2, missing: [] },
    since: now - 9 * 3_600_000,
    lastOutage: isNew
      ? null
      : { at: now - 9 * 3_600_000, lastedMs: 84, cause: "path-dead", port: "em1", extent: "port" },
    internet: { state: "answers", since: now - 9 * 86_400_000, targets: ["9.9.9.9"] },
    order: "auto",
    ups: { name: "ups", state: "mains", chargePercent: 100, runtimeMs: 2_400_000 },
    agent: {
      version: "0.1.0",
      pid: 1,
      startedAt: now - 30 * 86_400_000,
      store: { state: "fine", reason: "", pending: 0, lost: 0 },
    },
    otherBonds: [],
    ...(isNew
      ? {}
      : { proven: { at: now - 12 * 86_400_000, verdict: "held" as const, outageMs: 84, cut: "carrier-em1" } }),
  };
}
