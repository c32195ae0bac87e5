import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { follow } from "../../src/lab/handover.ts";
import { jsonLines } from "../../src/lab/json-lines.ts";
import { packageLayer } from "../../src/lab/packages.ts";
import { addDirectory, addFile, addLink, addProgram, addText, packTree, type Tree } from "./initramfs.ts";

/** A machine that counts instructions: one takes 1 ns, user space included, and idle time is skipped. So a figure taken in it
 *  is that of a processor with 10⁹ instructions a second, whatever else this one is doing. */
export interface Machine {
  readonly kernel: string;
  /** "Debian linux-image-cloud-amd64 6.1.0-…, QEMU …" */
  readonly about: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly modules: string;
  readonly busybox: string;
}

/** QEMU, a stock kernel and a shell, from Debian's packages, unpacked into the cache and not installed. */
export async function findMachine(): Promise<Machine> {
  const layer = await packageLayer(["qemu-system-x86", "linux-image-cloud-amd64", "busybox-static"]);
  if (!layer.ok) throw new Error(`${layer.error.message}. ${layer.error.hint}`);
  // Packages that this machine has are not in the layer; what belongs to /lib or /bin lies in /usr there.
  const here = (path: string): string =>
    [join(layer.value, path), join(layer.value, "usr", path), path].find((one) => existsSync(one)) ?? path;
  const image = readdirSync(here("/boot")).find((name) => name.startsWith("vmlinuz-") && name.includes("cloud"));
  if (image === undefined) throw new Error("no kernel came with linux-image-cloud-amd64");
  const release = image.slice("vmlinuz-".length);
  return {
    kernel: here(`/boot/${image}`),
    about: `Linux ${release} (Debian), QEMU with -icount shift=0: 1 instruction = 1 ns`,
    command: [
      here("/usr/bin/qemu-system-x86_64"),
      ...["/usr/share/qemu", "/usr/share/seabios", "/usr/lib/ipxe/qemu"].flatMap((path) => ["-L", here(path)]),
    ],
    environment: layer.value === "" ? {} : { LD_LIBRARY_PATH: join(layer.value, "usr/lib/x86_64-linux-gnu") },
    modules: here(`/lib/modules/${release}/kernel`),
    busybox: here("/bin/busybox"),
  };
}

export interface MachineRun {
  /** Bundled program, run by Node with the job in $JOB; it answers in JSON lines on $CHANNEL. */
  readonly runner: string;
  readonly job: unknown;
  /** Where bin/, dist/ and node_modules/ are. */
  readonly root: string;
  /** More files: path inside → path here. */
  readonly files?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly onMessage: (message: unknown) => void;
}

const wantedModules = ["bonding", "veth", "bridge", "sch_netem", "loop"];

/** Boots the machine, runs one job, returns the console's text. Throws when it hasn't ended in time. */
export async function runMachine(machine: Machine, run: MachineRun): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  try {
    writeFileSync(join(folder, "initrd"), packTree(rootTree(machine, run)));
    return await boot(machine, run, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rootTree(machine: Machine, run: MachineRun): Tree {
  const tree: Tree = new Map();
  for (const program of [process.execPath, "/usr/sbin/ip", "/usr/bin/setpriv", "/usr/bin/chrt", "/usr/sbin/fsfreeze"]) {
    addProgram(tree, program);
  }
  addFile(tree, "/bin/busybox", machine.busybox);
  for (const link of ["/bin/sh", "/bin/mount", "/bin/insmod", "/bin/poweroff", "/bin/stty", "/bin/mkdir"]) {
    addLink(tree, link, "/bin/busybox");
  }
  addDirectory(tree, "/lab/dist", join(run.root, "dist"));
  addDirectory(tree, "/lab/bin", join(run.root, "bin"));
  addFile(tree, "/lab/package.json", join(run.root, "package.json"));
  const modules = join(run.root, "node_modules");
  const scripts = /\.(c?js|json)$/;
  addDirectory(tree, "/lab/node_modules/koffi", join(modules, "koffi"), scripts);
  const native = "@koromix/koffi-linux-x64";
  addDirectory(tree, `/lab/node_modules/${native}`, join(modules, native), scripts);
  addDirectory(tree, `/lab/node_modules/${native}/linux_x64`, join(modules, native, "linux_x64"));
  addFile(tree, "/lab/dist/runner.mjs", run.runner);
  addText(tree, "/lab/job", JSON.stringify(run.job));
  for (const [inside, from] of Object.entries(run.files ?? {})) addFile(tree, inside, from);
  const loaded = inLoadingOrder(machine.modules, wantedModules);
  for (const path of loaded) addFile(tree, `/modules/${path.split("/").at(-1)}`, path);
  addText(tree, "/init", initScript(loaded.map((path) => path.split("/").at(-1) ?? "")));
  tree.set("/init", { mode: 0o100755, bytes: tree.get("/init")?.bytes ?? new Uint8Array() });
  return tree;
}

function initScript(modules: readonly string[]): string {
  return `#!/bin/sh
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root CHANNEL=/dev/ttyS1 JOB=/lab/job
mkdir -p /proc /sys /dev /run /tmp /var/lib/holdfast /etc/network /root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mkdir -p /run/lock
stty raw -echo -F /dev/ttyS1
for module in ${modules.join(" ")}; do
  case $module in bonding.ko) insmod /modules/$module max_bonds=0 ;; *) insmod /modules/$module ;; esac
done
cd /lab
${process.execPath} /lab/dist/runner.mjs
poweroff -f
`;
}

/** The modules with what they need before them. */
function inLoadingOrder(root: string, names: readonly string[]): readonly string[] {
  const known = new Map<string, string>();
  for (const entry of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    const name = /([^/]+)\.ko$/.exec(entry)?.[1];
    if (name !== undefined) known.set(name.replaceAll("-", "_"), join(root, entry));
  }
  const ordered: string[] = [];
  const visit = (name: string): void => {
    const path = known.get(name.replaceAll("-", "_"));
    // Built in: nothing to load.
    if (path === undefined || ordered.includes(path)) return;
    const needs = /\0depends=([^\0]*)\0/.exec(readFileSync(path, "latin1"))?.[1] ?? "";
    for (const need of needs.split(",")) if (need !== "") visit(need);
    ordered.push(path);
  };
  for (const name of names) visit(name);
  return ordered;
}

/** How often the guest's words are read, ms. */
const READ_EVERY_MS = 100;
const LONGEST_OUTPUT = 1 << 28;

function boot(machine: Machine, run: MachineRun, folder: string): Promise<string> {
  const [program = "", ...leading] = machine.command;
  const said = join(folder, "channel");
  writeFileSync(said, "");
  const channel = openSync(said, "r");
  const child = spawn(
    program,
    [
      ...leading,
      ...["-accel", "tcg", "-icount", "shift=0,sleep=off", "-cpu", "max", "-m", "1024", "-nic", "none"],
      ...["-display", "none", "-no-reboot", "-kernel", machine.kernel, "-initrd", join(folder, "initrd")],
      ...["-append", "console=ttyS0 quiet panic=-1 mitigations=off"],
      ...["-chardev", "stdio,id=log,signal=off", "-serial", "chardev:log"],
      ...["-chardev", `file,id=channel,path=${said}`, "-serial", "chardev:channel"],
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { PATH: "/usr/bin:/bin", ...machine.environment } },
  );
  let log = "";
  const note = (text: string): void => {
    log += text;
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", note);
  const take = jsonLines(run.onMessage, (line) => note(`${line}\n`));
  const more = follow(channel, LONGEST_OUTPUT);
  const reader = setInterval(() => take(more()), READ_EVERY_MS);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), run.timeoutMs);
    child.once("error", reject);
    child.once("close", (_status, signal) => {
      clearTimeout(timer);
      clearInterval(reader);
      take(more());
      closeSync(channel);
      if (signal === null) resolve(log);
      else reject(new Error(`the counting machine was ended after ${run.timeoutMs} ms: ${log.slice(-2_000)}`));
    });
  });
}

/** A directory for bundles, beside the sources: from there a program finds the project's packages. */
export function bundleDirectory(root: string): string {
  const folder = join(root, ".cache");
  mkdirSync(folder, { recursive: true });
  return folder;
}
