import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { request as secureRequest } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Order } from "../../agent/agent.ts";
import { serveControl } from "../../agent/control.ts";
import { pathHistory } from "../../agent/path-history.ts";
import { hostTree } from "../../host/linux/observe/tree.ts";
import { underSudo } from "../../host/linux/observe/under-sudo.ts";
import type { DashboardSettings } from "../../model/dashboard.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import { type EventStore, openEvents } from "../../store/events.ts";
import type { Role, SessionDocument } from "../dashboard.ts";
import { digestOf, renderUsers } from "../server/passwords.ts";
import { type Dashboard, startDashboard } from "../server/start-dashboard.ts";

/** A host in a folder: a journal, an agent's socket that answers, a configuration, users; and the dashboard before it. */
export interface House {
  readonly folder: string;
  readonly store: EventStore;
  readonly orders: Order[];
  readonly lines: string[];
  readonly port: number;
  readonly dashboard: Dashboard;
  readonly rehearsals: string;
  readonly drills: string;
  readonly drillSocket: string;
  /** What the agent says from now on. */
  say(change: Partial<StatusDocument>): void;
  endAgent(): Promise<void>;
  close(): Promise<void>;
}

/** Slow to make: once for all tests. */
const password = "correct horse battery";
let digest: Promise<string> | undefined;

function digestOnce(): Promise<string> {
  digest ??= digestOf(password);
  return digest;
}

export const homeConfig = `
bond: {primary: eth0, ports: [eth0, wlan0], address: 192.168.1.105/24, gateway: 192.168.1.254}
topology:
  devices:
    router: {kind: router, power: ups, address: 192.168.1.254/24, wifi: Home}
    plc-a: {kind: powerline, power: mains}
    plc-b: {kind: powerline, power: mains}
  cables: [eth0 – plc-a, plc-a ~ plc-b, plc-b – router, wlan0 ))) router]
  power: {ups: {kind: ups, runtime: 30m}}
notify: {ntfy: {url: https://ntfy.sh/topic-nobody-may-know, token: {file: secrets/ntfy-token}}}
`;

/** As an agent tells it of that configuration when all is well. */
export function wellStatus(): StatusDocument {
  const port = { carrier: true, present: true, drained: false, metered: false, usable: true, note: "", failures: 0 };
  const path = { target: "192.168.1.254", state: "alive", rttMs: 2, loss: 0, answeredAgoMs: 300 } as const;
  return {
    source: "agent",
    at: Date.now(),
    bond: {
      name: "bond0",
      mode: "active-backup",
      carrier: true,
      active: "eth0",
      primary: "eth0",
      miimon: 100,
      arpInterval: 0,
      addresses: ["192.168.1.105/24"],
    },
    ports: [
      { ...port, name: "eth0", medium: "wired", active: true, speedMbps: 1000 },
      { ...port, name: "wlan0", medium: "radio", active: false, speedMbps: null },
    ],
    paths: [
      { ...path, port: "eth0" },
      { ...path, port: "wlan0", rttMs: 6 },
    ],
    redundancy: { usable: 2, declared: 2, missing: [] },
    since: Date.now() - 60_000,
    lastOutage: null,
    order: "auto",
    otherBonds: [],
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const at = probe.address();
  await new Promise((done) => probe.close(done));
  return typeof at === "object" && at !== null ? at.port : 0;
}

/** Everything up. `before`: events the journal holds already. */
export async function openHouse(
  settings: Omit<DashboardSettings, "listen"> = {},
  before: (store: EventStore) => void = () => {},
  furnish: (folder: string) => void = () => {},
): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-dashboard-"));
  const at = (name: string): string => join(folder, name);
  mkdirSync(at("page"));
  writeFileSync(at("page/index.html"), "<!doctype html><title>Holdfast</title>");
  writeFileSync(at("page/app-0a1B2c3D.js"), "export {};");
  writeFileSync(at("page/app-0a1B2c3D.js.br"), "not really brotli");
  writeFileSync(at("holdfast.yaml"), homeConfig);
  const users = (["viewer", "operator"] as const).map(async (role) => ({
    name: role,
    role,
    digest: await digestOnce(),
  }));
  writeFileSync(at("dashboard.passwords"), renderUsers(await Promise.all(users)), { mode: 0o600 });
  const opened = await openEvents(at("events"), { spool: folder });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  before(store);
  furnish(folder);
  let status = wellStatus();
  const orders: Order[] = [];
  const lines: string[] = [];
  const paths = pathHistory();
  for (let second = 1; second < 60; second += 1)
    paths.note({ port: "eth0", target: "192.168.1.254", at: second * 1000 }, 2);
  const agent = await serveControl(at("agent.sock"), {
    status: () => ({ ...status, at: Date.now() }),
    store,
    metrics: () => "",
    paths: (query) => paths.read(query, { wall: Date.now(), monotonic: 60_000 }),
    order(order) {
      if ("port" in order && !["eth0", "wlan0"].includes(order.port)) return `there is no port ${order.port}`;
      orders.push(order);
      return undefined;
    },
  });
  if (!agent.ok) throw new Error(agent.error);
  const port = await freePort();
  const started = await startDashboard({
    settings: { ...settings, listen: `127.0.0.1:${port}` },
    version: "1.2.3",
    log: (line) => lines.push(line),
    places: {
      config: at("holdfast.yaml"),
      socket: at("agent.sock"),
      events: at("events"),
      spool: folder,
      drills: at("drills"),
      rehearsals: [at("rehearsals")],
      drillSocket: at("drill.sock"),
      hardware: folder,
      asRoot: await underSudo(hostTree(folder)),
      page: at("page"),
      openApi: join(process.cwd(), "docs/openapi.json"),
    },
  });
  if (!started.ok) throw new Error(started.error.message);
  const dashboard = started.value;
  return {
    folder,
    store,
    orders,
    lines,
    port,
    dashboard,
    rehearsals: at("rehearsals"),
    drills: at("drills"),
    drillSocket: at("drill.sock"),
    say(change) {
      status = { ...status, ...change };
    },
    endAgent: () => agent.value.close(),
    async close() {
      await dashboard.stop();
      await agent.value.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  // Whatever the document is: the test says what it expects of it.
  readonly json: never;
}

export interface Wish {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly ca?: Buffer;
}

/** Asks as a program would that says only what it is told to say. */
export function ask(house: Pick<House, "port">, path: string, wish: Wish = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    // Of some methods Node sends a body without saying how long it is.
    const length = wish.body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(wish.body)) };
    const options = {
      host: "127.0.0.1",
      port: house.port,
      path,
      method: wish.method ?? "GET",
      headers: { ...length, ...wish.headers },
      agent: false,
    };
    const take = (answer: IncomingMessage): void => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      answer.on("error", reject);
      answer.on("end", () => {
        const isJson = String(answer.headers["content-type"]).startsWith("application/json") && text !== "";
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          json: (isJson ? JSON.parse(text) : undefined) as never,
        });
      });
    };
    const asked = wish.ca === undefined ? request(options, take) : secureRequest({ ...options, ca: wish.ca }, take);
    asked.on("error", reject);
    asked.end(wish.body);
  });
}

/** A session: what a browser would send with every question. */
export interface Visitor {
  readonly headers: Readonly<Record<string, string>>;
  readonly session: SessionDocument;
  readonly cookie: string;
}

export async function logIn(house: Pick<House, "port">, role: Role, wish: Wish = {}): Promise<Visitor> {
  const body = JSON.stringify({ user: role, password });
  const headers = { "Content-Type": "application/json", ...wish.headers };
  const reply = await ask(house, "/api/v1/login", { ...wish, method: "POST", headers, body });
  if (reply.status !== 200) throw new Error(`login: ${reply.status} ${reply.text}`);
  const cookie = String(reply.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
  const session = reply.json as SessionDocument;
  return { session, cookie, headers: { Cookie: cookie, "X-Holdfast-Token": session.token ?? "" } };
}
