import { rmSync } from "node:fs";
import { request } from "node:http";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { parseHoldfast } from "../../../src/config/parse-holdfast.ts";
import { dialectNamed } from "../../../src/dialects/registry.ts";
import { runLab } from "../../../src/lab/boot.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { guestPackages } from "../../../src/lab/packages.ts";
import { withDefaults } from "../../../src/model/defaults.ts";
import { compilePlan } from "../../../src/topology/compile-plan.ts";
import type { LabOperation } from "../../../src/topology/lab-plan.ts";
import { root, textOf } from "../../house/source.ts";
import { bundleGuest } from "../bundle-guest.ts";
import type { GuestJob, GuestOrder } from "./guest.ts";
import { type Carrier, carrierOn } from "./line.ts";

/** A host of the first article's kind inside a lab, under systemd with what we ship installed; its dashboard's port is this machine's, too. */
export interface LabHost {
  readonly url: string;
  readonly operate: (operation: LabOperation) => Promise<void>;
  /** Runs a program on it, and gives what it printed. */
  readonly run: (...command: readonly string[]) => Promise<string>;
  readonly close: () => Promise<void>;
}

const units = [
  "holdfast-agent.service",
  "holdfast-dashboard.service",
  "holdfast-drill-request.socket",
  "holdfast-drill-request@.service",
];
const ordersPort = 9_000;

export interface LabHostOptions {
  /** Its holdfast.yaml, without `dashboard`; absent: the first article's. */
  readonly declared?: string;
  /** How long it lives at most, ms. */
  readonly timeoutMs?: number;
}

/** Boots it; nothing of Holdfast's is started. Rejects with why when it can't. `engine` has a real clock. */
export async function openLabHost(
  engine: Engine,
  { declared = textOf("examples/powerline-wifi.yaml"), timeoutMs = 600_000 }: LabHostOptions = {},
): Promise<LabHost> {
  const runner = join(root, ".cache", `dashboard-guest-${process.pid}.mjs`);
  await bundleGuest(root, "test/lab/dashboard/guest.ts", runner);
  let carrier: Carrier | undefined;
  const entrance = (port: () => number): Server => createServer((socket) => carrier?.carry(socket, port()));
  let [port, orders] = [0, 0];
  const [door, backDoor] = [entrance(() => port), entrance(() => ordersPort)];
  [port, orders] = [await listenOn(door), await listenOn(backDoor)];
  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    stopping.abort();
    for (const server of [door, backDoor]) server.close();
    await ended;
    rmSync(runner, { force: true });
  };
  let ended: Promise<unknown> = Promise.resolve();
  const ready = new Promise<void>((resolve, reject) => {
    ended = runLab({
      engine,
      job: jobFor(declared, port),
      runner,
      packages: guestPackages,
      memoryMb: 768,
      timeoutMs,
      signal: stopping.signal,
      onLine: (line) => {
        carrier = carrierOn({ write: (bytes) => void line.write(bytes) }, () => neverAsked());
        line.on("data", (piece: Buffer) => carrier?.take(piece)).on("error", () => {});
      },
      onMessage: (message) => {
        const { failed } = message as { readonly failed?: string };
        if (failed === undefined) resolve();
        else reject(new Error(failed));
      },
    }).then((result) => reject(new Error(JSON.stringify(result).slice(-4_000))), reject);
  });
  await ready.catch(async (problem: unknown) => {
    await stop();
    throw problem;
  });
  const order = (wanted: GuestOrder): Promise<string> => post(orders, JSON.stringify(wanted));
  return {
    url: `http://127.0.0.1:${port}/`,
    operate: async (operation) => void (await order({ do: "operate", operation })),
    run: (...command) => order({ do: "run", command }),
    close: stop,
  };
}

function neverAsked(): never {
  throw new Error("the lab asks nothing of this machine");
}

function jobFor(declared: string, port: number): GuestJob {
  const config = withDefaults(parseHoldfast("holdfast.yaml", declared).config);
  const installed = units.map((name) => [`/usr/lib/systemd/system/${name}`, textOf(`deploy/${name}`)] as const);
  return {
    plan: compilePlan(config),
    clock: "real",
    files: {
      ...Object.fromEntries(dialectNamed("ifupdown")?.render(config).files ?? []),
      "/etc/holdfast/holdfast.yaml": `${declared}\ndashboard: {listen: "127.0.0.1:${port}"}\n`,
      ...Object.fromEntries(installed),
      "/usr/lib/sysusers.d/holdfast.conf": textOf("deploy/sysusers.d/holdfast.conf"),
    },
    bringUp: { manager: "ifupdown", commands: [["ifup", "-a"]] },
    drills: [],
    program: process.env["HOLDFAST_HOME"] ?? root,
    modules: ["koffi", "@koromix"].map((name) => join(root, "node_modules", name)),
    ordersPort,
  };
}

function listenOn(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const at = server.address();
      resolve(typeof at === "object" && at !== null ? at.port : 0);
    });
  });
}

function post(port: number, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method: "POST", agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      answer.on("error", reject).on("end", () => {
        if (answer.statusCode === 200) resolve(text);
        else reject(new Error(text));
      });
    });
    asked.on("error", reject).end(body);
  });
}
