import { spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "../../src/lab/guest/job.ts";
import { inside } from "../../src/lab/guest/namespaces.ts";
import { namespaceOf } from "../../src/lab/guest/network.ts";
import { operate } from "../../src/lab/guest/operate.ts";
import { playUps, printed, startUps } from "./brownout.ts";
import { raiseHost } from "./raise-host.ts";
import { sayOutcome } from "./say-outcome.ts";

/** Runs inside a lab: the agent itself, somebody on the Internet who takes what it tells, and a real Prometheus beside it. */
type GuestJob = Job & {
  readonly cli: string;
  readonly recipient: { readonly node: string; readonly port: number };
  /** A cable of the active port, and the router behind all of them. */
  readonly wire: string;
  readonly router: string;
  readonly prometheus: string;
  /** Where NUT's programs are; "" without. */
  readonly nut: string;
  /** What Grafana's dashboard asks for. */
  readonly panels: readonly string[];
};

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as GuestJob;
const node = [process.execPath, ...process.execArgv];
const HEARD = "/run/heard.jsonl";

/** Takes every POST and notes when it came. */
const recipient = `
const { appendFileSync } = require("node:fs");
require("node:http").createServer((request, answer) => {
  let body = "";
  request.on("data", (piece) => { body += piece; }).on("end", () => {
    const line = { at: Date.now(), path: request.url, id: request.headers["webhook-id"], body: JSON.parse(body) };
    appendFileSync("${HEARD}", JSON.stringify(line) + "\\n");
    answer.writeHead(200).end("ok");
  });
}).listen(${job.recipient.port});
`;

/** What a proxy before the socket must be: it hands on the metrics, and no order of anybody's. */
const bridge = `
const { createServer, request } = require("node:http");
createServer((asked, answer) => {
  if (asked.method !== "GET" || asked.url !== "/metrics") return answer.writeHead(404).end();
  request({ socketPath: "/run/holdfast/agent.sock", path: "/metrics" }, (got) => got.pipe(answer)).end();
}).listen(9438, "127.0.0.1");
`;

function run(program: string, args: readonly string[], log: string): void {
  const output = openSync(log, "w");
  spawn(program, args, {
    stdio: ["ignore", output, output],
    env: { PATH: process.env["PATH"] ?? "", GOMAXPROCS: "1" },
  });
}

function query(
  expression: string,
): Promise<readonly { metric: Record<string, string>; value: readonly [number, string] }[]> {
  const path = `/api/v1/query?query=${encodeURIComponent(expression)}`;
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: 9090, path, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        body += piece;
      });
      answer.on("end", () => resolve(JSON.parse(body).data.result));
    });
    asked.on("error", reject).end();
  });
}

const readings = async (...names: readonly string[]): Promise<object> => {
  const found = await Promise.all(names.map(async (name) => [name, await query(name)] as const));
  return Object.fromEntries(
    found.map(([name, rows]) => [name, rows.map(({ metric, value }) => ({ ...metric, value: Number(value[1]) }))]),
  );
};

/** The first article's night: the mains fail, the powerline adapters go dark, and the UPS carries host and router. */
async function brownout(turn: (op: "node-off" | "node-on", node: string) => void): Promise<object> {
  const ask = (...words: readonly string[]) => printed(node, job.cli, ...words);
  playUps("OB DISCHRG", 83, 2040);
  for (const name of ["plc-a", "plc-b"]) turn("node-off", name);
  await sleep(60_000);
  const during = { status: await ask("status"), why: await ask("why"), events: await ask("events", "--since", "1m") };
  const panels = job.prometheus === "" ? {} : await readings(...job.panels);
  playUps("OL CHRG", 12, 400);
  for (const name of ["plc-a", "plc-b"]) turn("node-on", name);
  await sleep(60_000);
  return { during, panels, after: { status: await ask("status"), why: await ask("why") } };
}

async function main(): Promise<object> {
  const { network, operator } = raiseHost(job);
  writeFileSync("/run/recipient.cjs", recipient);
  writeFileSync("/run/bridge.cjs", bridge);
  const [program = "", ...args] = node;
  inside(namespaceOf(network, job.recipient.node), network.home, () =>
    run(program, [...args, "/run/recipient.cjs"], "/run/r"),
  );
  if (job.nut !== "") startUps(job.nut, 3493);
  run(program, [...args, job.cli, "agent"], "/run/agent.log");
  run(program, [...args, "/run/bridge.cjs"], "/run/b");
  const where = ["--storage.tsdb.path=/run/tsdb", "--web.listen-address=127.0.0.1:9090"];
  if (job.prometheus !== "") run("prometheus", [`--config.file=${job.prometheus}`, ...where], "/run/p");
  await sleep(30_000);

  const night = job.nut === "" ? undefined : await brownout((op, name) => operate(operator, { op, node: name }));
  // No way out, and a storm of events meanwhile.
  const cutAt = Date.now();
  operate(operator, { op: "node-hang", node: job.router });
  for (let count = 0; count < 40; count++) {
    await sleep(700);
    operate(operator, { op: count % 2 === 0 ? "wire-down" : "wire-up", wire: job.wire });
  }
  await sleep(35_000);
  const names = ["up", "holdfast_outage_active", 'ALERTS{alertstate="firing"}', "holdfast_notify_pending_events"];
  const dark = job.prometheus === "" ? {} : await readings(...names);
  const mendedAt = Date.now();
  operate(operator, { op: "node-resume", node: job.router });
  await sleep(150_000);
  const later = ["holdfast_path_up", "holdfast_outages_total", "holdfast_notify_pending_events", "holdfast_redundancy"];
  const light = job.prometheus === "" ? {} : await readings(...later);
  const heard = readFileSync(HEARD, "utf8").trim().split("\n");
  const log = readFileSync("/run/agent.log", "utf8");
  return { cutAt, mendedAt, heard: heard.map((line) => JSON.parse(line) as unknown), dark, light, log, night };
}

sayOutcome(channel, main());
