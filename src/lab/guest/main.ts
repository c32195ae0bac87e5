import { openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { mainBond, readBonds } from "./bond-state.ts";
import { bringUp, writeFiles } from "./bring-up.ts";
import { buildNetwork } from "./build.ts";
import { type Lab, runDrill, waitForCalm } from "./drill.ts";
import { openFlows } from "./flows.ts";
import type { GuestMessage, Job } from "./job.ts";
import { hasJoined, hostRadios } from "./joined.ts";
import { openKernelLog } from "./kernel-log.ts";
import { newOperator } from "./operate.ts";
import { packTrace } from "./packed-trace.ts";
import { radioTrouble } from "./radio-trouble.ts";
import { sshFlow, startSshd } from "./ssh-session.ts";

/** The one process that lives as long as the lab: builds the network, lets the host bring itself up, runs the drills. It reads its
 *  job from the file $JOB and answers with JSON lines on the device $CHANNEL. Everything is synchronous on purpose (see libc.ts). */

const CALM_LIMIT_MS = 20_000;
const CALM_AGAIN_MS = 5_000;

/** The files of the machine this runs on are not those of the host that is rehearsed. */
const ownPlaces = [
  "/etc/network/interfaces",
  "/etc/network/interfaces.d",
  "/etc/systemd/network",
  "/etc/NetworkManager/system-connections",
  "/usr/lib/NetworkManager/system-connections",
];

function removeTree(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    // What root alone may read on this machine, nobody in here can read either.
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
  }
}

function main(say: (message: GuestMessage) => void, job: Job): void {
  say({ kind: "progress", at: "boot", done: 0, of: job.drills.length });
  for (const own of ownPlaces) removeTree(own);
  writeFiles(job);
  const network = buildNetwork(job.plan, job.radioKeys);
  say({ kind: "progress", at: "built", done: 0, of: job.drills.length });
  const state = bringUp(job.bringUp, job.clock);
  const { hung } = state;
  say({ kind: "progress", at: "up", done: 0, of: job.drills.length, ...(hung === undefined ? {} : { hung }) });
  const bare: Lab = {
    agent: undefined,
    operator: newOperator(network),
    log: openKernelLog(),
    clock: job.clock,
    isCounted: job.isCounted === true,
    sockets: openFlows(network),
    bond: mainBond(state.bonds),
    watches: 0,
    ssh: job.ssh === true ? sshFlow(network) : undefined,
    radios: hostRadios(job.plan),
  };
  let isCalm = waitForCalm(bare, CALM_LIMIT_MS + (job.plan.settleMs ?? 0));
  const radios = bare.radios.filter(hasJoined);
  const apart = bare.radios.filter((port) => !radios.includes(port));
  const troubles = Object.fromEntries(apart.map((port) => [port, radioTrouble(network, port)]));
  // One that can't join (a wrong key, say) is a finding, and no reason to wait for it before every drill.
  if (apart.length > 0) isCalm = waitForCalm({ ...bare, radios }, CALM_AGAIN_MS);
  // Bonds are described as they are once links have settled: right after `ifup` the kernel may not have chosen yet.
  const bonds = readBonds();
  if (bare.ssh !== undefined) startSshd();
  const joining = { joined: radios, ...(apart.length === 0 ? {} : { troubles }) };
  say({ kind: "up", state: { ...state, bonds, ...(bare.radios.length === 0 ? {} : joining) } });
  const lab: Lab = { ...bare, radios, bond: mainBond(bonds), agent: startAgent(job) };
  for (const [index, drill] of job.drills.entries()) {
    say({ kind: "progress", at: "drill", done: index, of: job.drills.length });
    if (index > 0) {
      // What an agent has seen makes it wary: every drill meets one that knows nothing but that all is well.
      lab.agent?.end();
      lab.agent = startAgent(job);
      isCalm = waitForCalm(lab, isCalm ? CALM_LIMIT_MS : CALM_AGAIN_MS);
    }
    say({ kind: "trace", trace: packTrace(runDrill(lab, drill, isCalm)) });
  }
  lab.agent?.end();
  say({ kind: "done" });
}

function startAgent(job: Job): AgentProcess | undefined {
  return job.agent === undefined ? undefined : startAgentProcess(job.agent);
}

function run(): void {
  const channel = openSync(process.env["CHANNEL"] ?? "/dev/stdout", "w");
  const say = (message: GuestMessage): void => {
    const line = Buffer.from(`${JSON.stringify(message)}\n`);
    for (let done = 0; done < line.length; ) done += writeSync(channel, line, done);
  };
  try {
    main(say, JSON.parse(readFileSync(process.env["JOB"] ?? "/dev/stdin", "utf8")) as Job);
  } catch (error) {
    say({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
  }
}

run();
