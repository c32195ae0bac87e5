import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Agent, startAgent } from "../../../src/agent/agent.ts";
import type { AgentPlan } from "../../../src/agent/plan.ts";
import type { Host } from "../../../src/host/ports.ts";
import type { Job } from "../../../src/lab/guest/job.ts";
import type { Network } from "../../../src/lab/guest/network.ts";
import type { Kept } from "../../../src/watch/chronicle.ts";
import type { Course } from "./course.ts";

/** What runs inside a lab is told this, beside what every lab is told. */
export interface AgentLabJob extends Job {
  readonly scene: string;
  readonly agentPlan: AgentPlan;
  /** The command, built. */
  readonly cli: string;
  readonly course?: Course;
}

export interface Scene {
  readonly job: AgentLabJob;
  readonly network: Network;
  readonly host: Host;
}

export function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error));
}

/** As somebody would type it. Throws with what `ip` said. */
export function ip(command: string): void {
  const done = spawnSync("ip", command.split(" "), { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`ip ${command}: ${done.stderr}`);
}

export interface Watched {
  readonly agent: Agent;
  readonly events: Kept[];
}

/** The agent inside this very process, once it knows its paths. */
export async function watched(scene: Pick<Scene, "host" | "job">): Promise<Watched> {
  const events: Kept[] = [];
  let known = false;
  const agent = must(
    startAgent({
      host: scene.host,
      plan: scene.job.agentPlan,
      record: (event) => void events.push(event),
      log: () => {},
      seed: 7,
      marks: { echoId: 4711, nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      onKnown: () => {
        known = true;
      },
      tally: { sent: () => {}, answered: () => {} },
    }),
  );
  for (let waited = 0; !known && waited < 200; waited++) await sleep(100);
  return { agent, events };
}

/** The command itself, as the unit starts it. */
export function startCommand(cli: string): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, cli, "agent", "--config", "/etc/holdfast/holdfast.yaml"], {
    stdio: ["ignore", "inherit", "inherit"],
    // As deploy/holdfast-agent.service has it.
    env: { PATH: process.env["PATH"] ?? "", NODE_OPTIONS: "--v8-pool-size=0" },
  });
}

/** Asks the agent's socket. Status 0: nobody is there. */
export function ask(path: string, method = "GET"): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: "/run/holdfast/agent.sock", path, method, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        body += piece;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on("error", (problem) => resolve({ status: 0, body: String(problem) }));
    asked.end();
  });
}

/** Waits until a started command answers; throws when it never does. */
export async function answering(): Promise<void> {
  for (let waited = 0; waited < 200; waited++) {
    if ((await ask("/status")).status === 200) return;
    await sleep(100);
  }
  throw new Error("the agent's socket never answered");
}

/** Every event the agent has kept. */
export async function keptEvents(): Promise<
  readonly { readonly id: number; readonly at: number; readonly monotonicMs: number; readonly event: Kept }[]
> {
  const { body } = await ask("/events?limit=10000");
  return (JSON.parse(body) as { readonly events: [] }).events;
}

/** What a process holds of memory now, KiB; 0: it is gone. */
export function rssKb(pid: number | undefined): number {
  const path = `/proc/${pid}/status`;
  return existsSync(path) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(path, "utf8"))?.[1] ?? 0) : 0;
}
