import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectNet, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageLayer } from "../../../lab/packages.ts";

/** Where Debian's mosquitto and its clients are: installed, or unpacked into the lab's cache; else why there are none. */
export async function findMosquitto(): Promise<{ readonly run: Run } | string> {
  const layer = await packageLayer(["mosquitto", "mosquitto-clients"]);
  const root = layer.ok ? layer.value : "";
  const libraries = ["x86_64-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf"].map(
    (name) => `${root}/usr/lib/${name}`,
  );
  const env = {
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    ...(root === "" ? {} : { LD_LIBRARY_PATH: libraries.join(":") }),
  };
  const places = [root, ""].flatMap((at) => [`${at}/usr/sbin`, `${at}/usr/bin`]);
  const pathOf = (program: string): string =>
    places.map((place) => join(place, program)).find((path) => existsSync(path)) ?? "";
  const missing = ["mosquitto", "mosquitto_sub", "mosquitto_pub"].filter((name) => pathOf(name) === "");
  if (missing.length > 0) return `no ${missing.join(", ")}; Debian's packages are mosquitto and mosquitto-clients`;
  return { run: (program, args) => spawn(pathOf(program), args, { env, stdio: ["ignore", "pipe", "pipe"] }) };
}

type Run = (
  program: "mosquitto" | "mosquitto_sub" | "mosquitto_pub" | "mosquitto_passwd",
  args: readonly string[],
) => ChildProcess;

/** One publication as a subscriber saw it. */
export interface Heard {
  readonly topic: string;
  readonly payload: string;
  readonly retained: boolean;
}

/** A real broker, and whoever listens there. */
export interface Broker {
  readonly port: number;
  readonly directory: string;
  /** Starts it, or starts it again on the same port; what it kept is kept. */
  readonly up: () => Promise<void>;
  readonly down: (signal?: NodeJS.Signals) => Promise<void>;
  /** Everything below a topic, from now on and what is kept. */
  readonly listen: (topic: string, ...more: readonly string[]) => Promise<readonly Heard[]>;
  readonly publish: (topic: string, payload: string, ...more: readonly string[]) => Promise<number>;
  readonly log: () => string;
  readonly close: () => Promise<void>;
}

/** A broker on the loopback. `lines`: of its configuration, beside the listener. */
export async function openBroker(run: Run, lines: readonly string[] = ["allow_anonymous true"]): Promise<Broker> {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-mqtt-"));
  const port = await freePort();
  const children = new Set<ChildProcess>();
  let broker: ChildProcess | undefined;
  let said = "";
  const start = (...args: Parameters<Run>): ChildProcess => {
    const child = run(...args);
    children.add(child);
    child.on("exit", () => children.delete(child)).on("error", () => {});
    return child;
  };
  const settings = [`listener ${port} 127.0.0.1`, "persistence true", `persistence_location ${directory}/`, ...lines];
  // Told to be somebody else, it could not read the files of whoever runs the test.
  const asRoot = process.getuid?.() === 0 ? ["user root"] : [];
  writeFileSync(
    join(directory, "mosquitto.conf"),
    [...settings, ...asRoot, ""].join("\n").replaceAll("$DIR", directory),
  );
  const client = ["-h", "127.0.0.1", "-p", String(port)];
  return {
    port,
    directory,
    async up() {
      broker = start("mosquitto", ["-v", "-c", join(directory, "mosquitto.conf")]);
      for (const stream of [broker.stdout, broker.stderr]) {
        stream?.setEncoding("utf8").on("data", (piece: string) => {
          said += piece;
        });
      }
      while (!(await answers(port))) await sleep(20);
    },
    async down(signal = "SIGTERM") {
      const old = broker;
      broker = undefined;
      if (old === undefined || old.exitCode !== null) return;
      const gone = new Promise((done) => old.once("exit", done));
      old.kill(signal);
      await gone;
    },
    async listen(topic, ...more) {
      const heard: Heard[] = [];
      const child = start("mosquitto_sub", [
        ...client,
        ...more,
        "-t",
        topic,
        "-t",
        "$SYS/broker/version",
        "-F",
        "%r %t %p",
      ]);
      let rest = "";
      const ready = new Promise<void>((done) => {
        child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
          const all = (rest + piece).split("\n");
          rest = all.pop() ?? "";
          for (const line of all) {
            const [, kept, on = "", payload = ""] = /^([01]) (\S+) ([\s\S]*)$/.exec(line) ?? [];
            // The broker's own version comes with the subscription: from here on nothing is missed.
            if (on === "$SYS/broker/version") done();
            else heard.push({ topic: on, payload, retained: kept === "1" });
          }
        });
        child.once("exit", () => done());
      });
      await ready;
      return heard;
    },
    publish(topic, payload, ...more) {
      const child = start("mosquitto_pub", [...client, "-q", "1", "-t", topic, "-m", payload, ...more]);
      return new Promise((done) => child.once("exit", (status) => done(status ?? 1)));
    },
    log: () => said,
    async close() {
      for (const child of children) child.kill("SIGKILL");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A password file as mosquitto wants it. */
export function writePasswords(run: Run, path: string, name: string, password: string): Promise<number> {
  const child = run("mosquitto_passwd", ["-b", "-c", path, name, password]);
  return new Promise((done) => child.once("exit", (status) => done(status ?? 1)));
}

async function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket: Socket = connectNet(port, "127.0.0.1");
    socket.once("connect", () => done(true)).once("error", () => done(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function freePort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Whether openssl is there. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
