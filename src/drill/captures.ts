import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { wallOffsetNs } from "../host/linux/libc.ts";
import { decodePcap, encodePcapng, type Mark, markPackets, type Pcap } from "../wire/pcapng.ts";
import { runProgram, searchPath } from "./run-program.ts";

/** What went over each port while a drill lasted, taken by a program that isn't ours. */
export interface Captures {
  /** Ends them, and writes a pcapng for each port and one of all together, with the marks. Gives the files' names. */
  end(marks: readonly Moment[]): Promise<readonly string[]>;
}

export interface CaptureOptions {
  readonly directory: string;
  readonly ports: readonly string[];
  /** Of the reflector; undefined: there is none. */
  readonly peerPort: number | undefined;
  readonly version: string;
}

/** Something that happened, ms of the monotonic clock. */
export interface Moment {
  readonly atMs: number;
  readonly text: string;
}

interface Running {
  readonly port: string;
  readonly path: string;
  readonly child: ChildProcess;
  /** Whatever it said; its first line tells that it listens. */
  said: string;
  readonly ended: Promise<void>;
}

/** Headers, and what ours bear. */
const snapBytes = 128;
const startMs = 3_000;
const stopMs = 3_000;
/** Enough for minutes of everything that is measured; a capture that runs away ends by itself. */
const mostPackets = "400000";

/** Begins to capture with tcpdump, or dumpcap. The text says why there is none. */
export async function startCaptures(options: CaptureOptions): Promise<Captures | string> {
  const tool = await findTool();
  if (tool === undefined) return "no captures: neither tcpdump nor dumpcap is installed";
  mkdirSync(options.directory, { recursive: true });
  const running = await Promise.all(options.ports.map((port) => startOne(tool, port, options)));
  const silent = running.find(({ said }) => !/listening on|Capturing on|File:/i.test(said));
  if (silent !== undefined) {
    await Promise.all(running.map(stopOne));
    for (const { path } of running) rmSync(path, { force: true });
    return `no captures: ${tool} on ${silent.port}: ${silent.said.trim().split("\n").at(-1) || "it doesn't begin"}`;
  }
  return { end: (moments) => endCaptures(running, options, moments) };
}

async function findTool(): Promise<"tcpdump" | "dumpcap" | undefined> {
  for (const tool of ["tcpdump", "dumpcap"] as const) {
    if ((await runProgram({ argv: [tool, "--version"] })).status !== 127) return tool;
  }
  return undefined;
}

function startOne(tool: "tcpdump" | "dumpcap", port: string, options: CaptureOptions): Promise<Running> {
  const path = join(options.directory, `.${port}.pcap`);
  const udp = options.peerPort === undefined ? "" : ` or port ${options.peerPort}`;
  const filter = `arp or icmp or icmp6${udp}`;
  const words =
    tool === "tcpdump"
      ? ["-n", "-U", "-s", String(snapBytes), "-c", mostPackets, "--time-stamp-precision=nano", "-Z", "root"]
      : ["-P", "-s", String(snapBytes), "-c", mostPackets];
  const own = tool === "tcpdump" ? [filter] : ["-f", filter];
  const child = spawn(tool, [...words, "-i", port, "-w", path, ...own], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: searchPath(process.env["PATH"]), LC_ALL: "C" },
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const running: Running = { port, path, child, said: "", ended };
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(running), startMs);
    const begun = (): void => {
      clearTimeout(timer);
      resolve(running);
    };
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      running.said += text;
      if (/listening on|File:/i.test(running.said)) begun();
    });
    child.on("error", begun);
    child.on("close", begun);
  });
}

async function stopOne({ child, ended }: Running): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGINT");
  const late = setTimeout(() => child.kill("SIGKILL"), stopMs);
  await ended;
  clearTimeout(late);
}

async function endCaptures(
  running: readonly Running[],
  { directory, version }: CaptureOptions,
  moments: readonly Moment[],
): Promise<readonly string[]> {
  await Promise.all(running.map(stopOne));
  const offset = wallOffsetNs();
  const marks = moments.map(({ atMs, text }): Mark => ({ atNs: BigInt(Math.round(atMs * 1e6)) + offset, text }));
  const read = running.map(({ port, path }) => ({ port, pcap: readPcap(path) }));
  const write = (name: string, of: typeof read): string => {
    const packets = of.flatMap(({ pcap }, index) => pcap.packets.map((packet) => ({ ...packet, interface: index })));
    const capture = encodePcapng({
      application: `holdfast ${version}`,
      comment: moments.map(({ text }) => text).join("\n"),
      interfaces: of.map(({ port, pcap }) => ({
        name: port,
        description: `port ${port}`,
        linkType: pcap.linkType,
        snapLength: pcap.snapLength,
      })),
      packets: markPackets(packets, marks),
    });
    writeFileSync(join(directory, name), capture, { mode: 0o600 });
    return name;
  };
  const names = [...read.map((one) => write(`${one.port}.pcapng`, [one])), write("drill.pcapng", read)];
  for (const { path } of running) rmSync(path, { force: true });
  return names;
}

function readPcap(path: string): Pcap {
  const none: Pcap = { linkType: 1, snapLength: snapBytes, packets: [] };
  try {
    return decodePcap(readFileSync(path)) ?? none;
  } catch {
    return none;
  }
}
