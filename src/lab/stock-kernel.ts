import { createHash } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import { cacheDirectory, publishDirectory } from "./cache.ts";
import { type ArchiveEntry, packArchive } from "./cpio.ts";
import { noKernel } from "./kernel-image.ts";
import type { LabError } from "./lab.ts";
import { runCommand } from "./run-command.ts";

/** A distribution's kernel, made ready for QEMU: in the cache, complete or not at all. */
export interface StockKernel {
  /** "6.1.0-56-amd64". */
  readonly release: string;
  /** Uncompressed, with the note by which QEMU starts it without a boot loader: five seconds less. */
  readonly image: string;
  /** First root: what it takes to reach the host's file system, and the drivers of every lab. */
  readonly initrd: string;
  /** For /lib/modules: what a network configuration may ask for. */
  readonly modules: string;
}

// Of how it is made ready; a change here makes all that are there useless.
const format = "2";

/** Drivers loaded before process 1 of the guest starts: the way to the host's files, then what every lab has. Those that a kernel has
 *  built in, or hasn't, are passed over. The first is asked for by name only, by another's start. */
const drivers = [
  "crc32c_generic",
  ...["virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay"],
  ...["bonding", "veth", "bridge", "8021q", "sch_netem", "nft_masq", "nft_chain_nat", "nf_tables"],
  ...["mac80211_hwsim", "ccm", "ctr", "cmac", "gcm"],
];

/** Parts of the module tree that a guest may want later. */
const wanted = [
  "net",
  "lib",
  "crypto",
  "arch/x86/crypto",
  "drivers/virtio",
  "drivers/char",
  "drivers/net/bonding",
  "drivers/net/team",
  "drivers/net/wireguard",
  "drivers/net/wireless/mac80211_hwsim.ko",
  "drivers/net/wireless/virtual",
  "drivers/net/vxlan",
  "drivers/net/ipvlan",
  "fs/9p",
  "fs/fscache",
  "fs/netfs",
  "fs/overlayfs",
];
const singleDrivers = /^(veth|dummy|macvlan|macvtap|ifb|tun|tap|vxlan|geneve|vrf|net_failover|nlmon)\.ko/;

/** Finds a kernel with simulated radios below one of `roots`, and makes it ready. `tools`: where else programs may be (a layer). */
export async function prepareStockKernel(
  roots: readonly string[],
  tools: string,
): Promise<Result<StockKernel, LabError>> {
  const found = roots.map(kernelBelow).find((one) => one !== undefined);
  if (found === undefined) return failed(noKernel("no kernel with simulated radios (mac80211_hwsim) is there", remedy));
  const shell = roots.map((root) => join(root, "usr/bin/busybox")).find(isStatic);
  if (shell === undefined) return failed(noKernel("busybox-static is missing", remedy));
  const key = createHash("sha256").update([format, found.release, found.image, shell].join("\0")).digest("hex");
  const home = join(cacheDirectory(), `lab-qemu-${key.slice(0, 16)}`);
  let trouble = "";
  if (!existsSync(home)) {
    await publishDirectory(home, async (part) => {
      await fill(part, found, { shell, tools });
    }).catch((error: unknown) => {
      trouble = error instanceof Error ? error.message : String(error);
    });
  }
  if (trouble !== "") return failed(noKernel(`cannot make ${found.release} ready: ${trouble}`, remedy));
  return ok({
    release: found.release,
    image: join(home, "vmlinux"),
    initrd: join(home, "initrd"),
    modules: join(home, "lib/modules"),
  });
}

const remedy = "Run `apt-get update` as root, with a network, and try again; nothing needs to be installed.";

interface Found {
  readonly release: string;
  readonly image: string;
  readonly modules: string;
}

function kernelBelow(root: string): Found | undefined {
  for (const modules of [join(root, "usr/lib/modules"), join(root, "lib/modules")]) {
    if (!existsSync(modules)) continue;
    for (const release of readdirSync(modules).toSorted().toReversed()) {
      const radio = ["wireless/mac80211_hwsim.ko", "wireless/virtual/mac80211_hwsim.ko"];
      const kernel = join(modules, release, "kernel");
      const image = join(root, "boot", `vmlinuz-${release}`);
      const hasRadios = radio.some((path) => isModule(join(kernel, "drivers/net", path)));
      if (hasRadios && isReadable(image)) return { release, image, modules: join(modules, release) };
    }
  }
  return undefined;
}

function isModule(path: string): boolean {
  return existsSync(path) || existsSync(`${path}.xz`);
}

/** The package busybox has one that needs libraries, which the first root hasn't. */
function isStatic(path: string): boolean {
  return isReadable(path) && !readFileSync(path).includes("/ld-linux");
}

function isReadable(path: string): boolean {
  try {
    closeSync(openSync(path, "r"));
    return true;
  } catch {
    return false;
  }
}

async function fill(
  part: string,
  found: Found,
  from: { readonly shell: string; readonly tools: string },
): Promise<void> {
  const packed = join(part, "packed");
  writeFileSync(packed, payloadOf(readFileSync(found.image)));
  await unpackTo(packed, join(part, "vmlinux"));
  const tree = join(part, "lib/modules", found.release);
  copyModules(found.modules, tree);
  const depmod = existsSync("/sbin/depmod") ? "/sbin/depmod" : join(from.tools, "usr/sbin/depmod");
  const libraries = join(from.tools || "/", "usr/lib/x86_64-linux-gnu");
  const done = await runCommand([depmod, "-b", part, found.release], { env: { LD_LIBRARY_PATH: libraries } });
  if (done.status !== 0) throw new Error(`depmod: ${done.stderr}`);
  writeFileSync(join(part, "initrd"), packArchive(await firstRoot(tree, from.shell)));
  // Loaded by then; the script of process 1 would try it again.
  rmSync(join(tree, "kernel/fs/overlayfs"), { recursive: true, force: true });
}

/** The compressed kernel inside a bzImage. Source: the kernel's Documentation/x86/boot.rst, payload_offset. */
export function payloadOf(image: Buffer): Buffer {
  if (image.toString("latin1", 0x202, 0x206) !== "HdrS") throw new Error("the kernel is no bzImage");
  const setup = (image.readUInt8(0x1f1) || 4) + 1;
  const start = setup * 512 + image.readUInt32LE(0x248);
  return image.subarray(start, start + image.readUInt32LE(0x24c));
}

/** By how the payload begins. */
const unpackers: readonly (readonly [string, readonly string[]])[] = [
  ["fd377a585a00", ["xz", "-dc", "--single-stream"]],
  ["28b52ffd", ["zstd", "-dc"]],
  ["1f8b", ["gzip", "-dc"]],
];

async function unpackTo(packed: string, path: string): Promise<void> {
  const start = readFileSync(packed).subarray(0, 6).toString("hex");
  const [, command] = unpackers.find(([magic]) => start.startsWith(magic)) ?? [];
  if (command === undefined) throw new Error(`the kernel is packed in an unknown way (${start})`);
  const output = openSync(path, "w", 0o644);
  const done = await runCommand([...command, packed], { output });
  closeSync(output);
  // What follows the packed kernel is its length: unpackers complain of it, having written everything.
  if (readFileSync(path).subarray(1, 4).toString("latin1") !== "ELF") throw new Error(`${command[0]}: ${done.stderr}`);
}

function copyModules(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (/^modules\.(builtin|order)/.test(name)) copyFileSync(join(from, name), join(to, name));
  }
  const copy = (path: string): void => {
    for (const each of [path, `${path}.xz`]) {
      if (existsSync(join(from, "kernel", each)))
        cpSync(join(from, "kernel", each), join(to, "kernel", each), { recursive: true });
    }
  };
  for (const path of wanted) copy(path);
  const single = join(from, "kernel/drivers/net");
  for (const name of readdirSync(single)) if (singleDrivers.test(name)) copy(`drivers/net/${name}`);
}

/** Process 1 until the host's files are in sight. `init`, `max_bonds` come from the kernel's command line. */
const firstScript = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t devtmpfs dev /dev
for module in /m/*; do
  case $module in
    *-bonding.ko) $b insmod $module max_bonds=\${max_bonds:-0} ;;
    *-mac80211_hwsim.ko) $b insmod $module radios=0 ;;
    *) $b insmod $module ;;
  esac || echo "holdfast-lab: $module"
done
$b mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=1048576,cache=loose root /root || $b poweroff -f
$b umount /dev
$b umount /proc
exec $b switch_root /root /bin/sh "$lab_init"
`;

async function firstRoot(tree: string, shell: string): Promise<readonly ArchiveEntry[]> {
  const folders = ["bin", "dev", "m", "proc", "root"].map((path) => ({ path }));
  const modules: ArchiveEntry[] = [];
  for (const [index, path] of loadOrder(readFileSync(join(tree, "modules.dep"), "utf8")).entries()) {
    const plain = basename(path).replace(/\.xz$/, "").replaceAll("-", "_");
    const bytes = path.endsWith(".xz") ? await unpacked(join(tree, path)) : readFileSync(join(tree, path));
    modules.push({ path: `m/${String(index).padStart(3, "0")}-${plain}`, bytes });
  }
  return [
    ...folders,
    { path: "bin/busybox", bytes: readFileSync(shell) },
    { path: "init", bytes: Buffer.from(firstScript) },
    ...modules,
  ];
}

async function unpacked(path: string): Promise<Buffer> {
  const file = `${path}.plain`;
  const output = openSync(file, "w");
  const done = await runCommand(["xz", "-dc", path], { output });
  closeSync(output);
  if (done.status !== 0) throw new Error(`xz: ${done.stderr}`);
  return readFileSync(file);
}

/** The drivers' files with all they need, each behind what it needs. `dep`: the text of modules.dep, where needs stand from the
 *  nearest to the farthest. */
export function loadOrder(dep: string): readonly string[] {
  const rows = dep.split("\n").flatMap((line) => {
    const [path, needs] = line.split(":");
    return path === undefined || needs === undefined ? [] : [[path, needs.trim().split(" ").filter(Boolean)] as const];
  });
  const nameOf = (path: string) =>
    basename(path)
      .replace(/\.ko(\.xz)?$/, "")
      .replaceAll("-", "_");
  const found = drivers.flatMap((name) => rows.filter(([path]) => nameOf(path) === name));
  return [...new Set(found.flatMap(([path, needs]) => [...needs.toReversed(), path]))];
}
