// Runs inside a lab: a host with eth0 and eth1 in one network with a peer. Makes the host what files say, then plays a change of
// it while packets go to and fro every 5 ms, takes the change back, and makes it once more. Tells what was lost and what came of it.
import { spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { chmodSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const channel = openSync(process.env.CHANNEL, "w");
const say = (message) => {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < line.length; ) done += writeSync(channel, line, done);
};
const job = JSON.parse(readFileSync(process.env.JOB, "utf8"));
const everyMs = 5;
const log = [];

function must(command) {
  const { status, stdout, stderr } = spawnSync("sh", ["-ec", command], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command}\n${stdout}${stderr}`);
  return stdout;
}

function run({ argv, stdin }) {
  return new Promise((done) => {
    const child = spawn(argv[0], argv.slice(1), { stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin ?? "");
    child.on("error", (problem) => done({ status: null, output: String(problem) }));
    child.on("close", (status) => done({ status, output }));
  });
}

async function runAll(steps) {
  for (const step of steps) {
    const from = performance.now();
    const { status, output } = await run(step);
    log.push(
      `${Math.round(performance.now() - from)} ms, ${status}: ${step.argv.join(" ")} ${output.trim().slice(-300)}`,
    );
    if (status !== 0 && step.onFailure === "stop") return false;
  }
  return true;
}

function put(files) {
  for (const [path, file] of Object.entries(files)) {
    rmSync(path, { force: true });
    if (file === null) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.text);
    chmodSync(path, file.mode);
  }
}

/** Packets that didn't come back, of those sent while something was done and two seconds more. */
async function lostDuring(action) {
  const socket = createSocket("udp4");
  await new Promise((done) => socket.bind(0, done));
  const back = new Set();
  socket.on("message", (bytes) => back.add(bytes.readUInt32BE(0)));
  socket.on("error", () => undefined);
  let sent = 0;
  const sendOne = () => {
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32BE(sent++);
    socket.send(bytes, 7777, job.peer, () => undefined);
  };
  const timer = setInterval(sendOne, everyMs);
  await sleep(500);
  const value = await action();
  await sleep(job.settleMs ?? 2000);
  clearInterval(timer);
  await sleep(200);
  socket.close();
  const missing = [];
  for (let number = 0; number < sent; number++) if (!back.has(number)) missing.push(number);
  return { value, sent, lost: missing.length, lostMs: missing.length * everyMs };
}

function look() {
  const json = (words) => JSON.parse(must(`ip -j ${words}`) || "[]");
  return { links: json("-d link"), addresses: json("-4 address"), routes: json("-4 route") };
}

async function main() {
  must(`
    ip link set lo up
    ip netns add peer; ip -n peer link add br0 type bridge; ip -n peer link set dev br0 up; ip -n peer link set lo up
    for one in eth0 eth1; do
      ip link add $one type veth peer name p$one; ip link set dev p$one netns peer
      ip -n peer link set dev p$one master br0 up
    done
    ip -n peer address add ${job.peer}/24 dev br0
    mkdir -p /run/network
  `);
  const echo = `const s = require("dgram").createSocket("udp4"); s.on("message", (m, r) => s.send(m, r.port, r.address)); s.bind(7777)`;
  spawn("ip", ["netns", "exec", "peer", process.execPath, "-e", echo], { stdio: "ignore" });
  for (const command of job.prepare ?? []) must(command);
  put(job.before);
  for (const argv of job.bringUp) log.push(`bring up: ${JSON.stringify(await run({ argv }))}`);
  await sleep(job.settleMs ?? 2000);
  const first = look();
  const apply = async () => {
    const isQuiet = await runAll(job.change.quiesce);
    put(job.after);
    return (await runAll(job.change.converge)) && isQuiet;
  };
  const forth = await lostDuring(apply);
  const changed = look();
  const back = await lostDuring(async () => {
    put(job.before);
    put(job.gone);
    return runAll(job.change.restore);
  });
  const restored = look();
  const again = job.isPlayedTwice ? await lostDuring(apply) : forth;
  say({ first, forth, changed, back, restored, again, changedAgain: look(), log });
}

main()
  .catch((problem) => say({ failed: String(problem?.stack ?? problem), log }))
  .finally(() => process.exit(0));
