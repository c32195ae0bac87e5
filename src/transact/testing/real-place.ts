import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { hostClock } from "../../host/linux/this-process.ts";
import { ok } from "../../model/result.ts";
import type { FileImage } from "../../plan/change.ts";
import { hostDisk } from "../host-disk.ts";
import type { Disk, Ports } from "../ports.ts";
import type { Chance } from "./chance.ts";

/** A directory that stands for a host's root: real files, real programs, and a timer nobody waits for. */
export interface RealPlace {
  readonly root: string;
  readonly ports: Ports;
  remove(): void;
}

export function makeRealPlace(chance: Chance, disk: Disk = hostDisk): RealPlace {
  const root = mkdtempSync(join(tmpdir(), "holdfast-tx-"));
  for (const directory of ["etc/network", "etc/netplan", "run", "var"])
    mkdirSync(join(root, directory), { recursive: true });
  return { root, ports: realPorts(root, chance, disk), remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Ports over a root that is there already. */
export function realPorts(root: string, chance: Chance, disk: Disk = hostDisk, now = 1000): Ports {
  return {
    disk,
    places: { state: join(root, "var/tx"), run: join(root, "run/holdfast"), within: [join(root, "etc")] },
    random: (bytes) => Uint8Array.from({ length: bytes }, () => chance.below(256)),
    deadMan: { arm: async () => ok(undefined), check: async () => ok(1), disarm: async () => ok(undefined) },
    runner: {
      async run({ argv, stdin }) {
        const [program, ...words] = argv;
        const { status, stdout } = spawnSync(program, words, stdin === undefined ? {} : { input: stdin });
        return { status, wasKilled: false, output: String(stdout), seconds: 0 };
      },
      end: async () => {},
    },
    probes: { baseline: async () => ({ probes: [], emergency: [], facts: {} }), prove: async () => [] },
    clock: {
      now: () => now,
      boot: () => "boot",
      wall: () => 0,
      self: hostClock.self,
      // No time passes, but others get their turn.
      sleep: () => turn(),
    },
    lock: { take: () => ok(() => {}) },
    drills: { take: () => ok(() => {}) },
  };
}

export function writeImage(path: string, { bytes, mode, uid, gid }: FileImage): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  writeFileSync(path, bytes);
  chownSync(path, uid, gid);
  chmodSync(path, mode);
}

/** Everything below a directory in words, a line each: path, kind, mode, owner, text. */
export function describeTree(root: string, path = ""): readonly string[] {
  return readdirSync(join(root, path))
    .toSorted()
    .flatMap((name) => {
      const below = join(path, name);
      const about = lstatSync(join(root, below));
      const mode = (about.mode & 0o7777).toString(8);
      if (about.isDirectory()) return [`${below}/ ${mode}`, ...describeTree(root, below)];
      const text = about.isFile() ? JSON.stringify(readFileSync(join(root, below), "latin1")) : "no plain file";
      return [`${below} ${mode} ${about.uid}:${about.gid} ${text}`];
    });
}
