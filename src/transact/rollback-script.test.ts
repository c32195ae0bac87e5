import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { processMark } from "../host/linux/this-process.ts";
import type { FileChange, FileImage } from "../plan/change.ts";
import { besideName, inside, markers } from "../plan/protocol.ts";
import { apply } from "./apply.ts";
import { rollBack } from "./roll-back.ts";
import { stage } from "./stage.ts";
import { type Chance, chanceOf } from "./testing/chance.ts";
import { describeTree, makeRealPlace, type RealPlace, realPorts, writeImage } from "./testing/real-place.ts";

/* Files get owners here, so this is for root; everything is below a directory of its own. */
const isRoot = process.getuid?.() === 0;
const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const shells = [
  ["dash", ["dash"]],
  ["busybox", ["busybox", "sh"]],
] as const;

/** Names that a shell would trip on if they weren't quoted. */
const names = ["interfaces", "a b", "it's", "$(touch x)", "new\nline", "-n", "*", "back\\slash", '"', "ü;é"] as const;

describe.skipIf(!isRoot)("rollback.sh goes back as the engine does", () => {
  for (const [name, shell] of shells) {
    it.skipIf(!has(name))(`${name}, from random states of random trees`, async () => {
      for (let seed = 1; seed <= 16; seed++) {
        const chance = chanceOf(seed);
        const place = makeRealPlace(chance);
        try {
          const script = stageRandom(place, chance);
          const copy = `${place.root}.copy`;
          spawnSync("cp", ["-a", place.root, copy]);
          const run = spawnSync(shell[0], [...shell.slice(1), script, "--now"], { encoding: "utf8" });
          const byShell = treeOf(place.root);
          rmSync(place.root, { recursive: true });
          renameSync(copy, place.root);
          const done = await rollBack(realPorts(place.root, chanceOf(seed)));
          expect(done.ok, `seed ${seed}`).toBe(true);
          expect({ seed, tree: byShell, said: run.status }).toEqual({ seed, tree: treeOf(place.root), said: 0 });
        } finally {
          place.remove();
        }
      }
    });
  }
});

describe.skipIf(!isRoot)("rollback.sh by itself", () => {
  it.each(shells.filter(([name]) => has(name)))(
    "%s, killed at random points and run again, ends the same",
    async (_, shell) => {
      for (let seed = 1; seed <= 5; seed++) {
        const chance = chanceOf(seed);
        const place = makeRealPlace(chance);
        try {
          const script = stageRandom(place, chance);
          const copy = `${place.root}.copy`;
          spawnSync("cp", ["-a", place.root, copy]);
          spawnSync(shell[0], [...shell.slice(1), script, "--now"]);
          const whole = filesOf(place.root);
          rmSync(place.root, { recursive: true });
          renameSync(copy, place.root);
          for (let kills = 0; kills < 4; kills++) await killedAfter([...shell, script], chance.below(60));
          if (existsSync(script)) expect(spawnSync(shell[0], [...shell.slice(1), script, "--now"]).status).toBe(0);
          expect({ seed, tree: filesOf(place.root) }).toEqual({ seed, tree: whole });
        } finally {
          place.remove();
        }
      }
    },
  );

  it("does nothing once the change is confirmed, or its timer has been followed by another", () => {
    const { root, script, directory, remove } = staged(5);
    try {
      writeFileSync(join(directory, inside.armed(2)), "{}");
      const tree = describeTree(join(root, "etc"));
      expect(spawnSync("sh", [script, "--timer", "1"]).status).toBe(0);
      expect(existsSync(join(directory, markers.undecided))).toBe(true);
      renameSync(join(directory, markers.undecided), join(directory, markers.confirmed));
      for (const words of [["--timer", "2"], ["--boot"], ["--now"], []]) {
        expect(spawnSync("sh", [script, ...words]).status).toBe(0);
      }
      expect(describeTree(join(root, "etc"))).toEqual(tree);
      expect(existsSync(join(directory, markers.rollback))).toBe(false);
    } finally {
      remove();
    }
  });

  it("tells a driver to stop, kills one that hangs, and ends the step it left", () => {
    const { ports, script, remove } = staged(6);
    const hung = spawn("sleep", ["600"], { stdio: "ignore" });
    const step = spawn("sleep", ["601"], { stdio: "ignore", detached: true });
    try {
      const name = ({ pid = 0 }: { readonly pid?: number | undefined }) => `${pid} ${processMark(pid)?.start}\n`;
      mkdirSync(ports.places.run, { recursive: true });
      writeFileSync(join(ports.places.run, "tx.owner"), name(hung));
      writeFileSync(join(ports.places.run, "tx.step"), name(step));
      // As on a host without flock(1): who has the lock is known by its note alone.
      const run = spawnSync("sh", ["-c", `sed 's/has flock/false/' "$1" >"$1.2"; exec sh "$1.2" --now`, "sh", script]);
      expect(run.status).toBe(0);
      expect(existsSync(`/proc/${hung.pid}`) && !isZombie(hung.pid)).toBe(false);
      expect(existsSync(`/proc/${step.pid}`) && !isZombie(step.pid)).toBe(false);
    } finally {
      hung.kill("SIGKILL");
      step.kill("SIGKILL");
      remove();
    }
  });

  it("leaves who is going back alone for as long as all of its steps may take, the emergency's with them", () => {
    const place = makeRealPlace(chanceOf(12));
    const other = spawn("sleep", ["600"], { stdio: "ignore" });
    try {
      const step = { argv: ["true"], why: "slow", onFailure: "go-on" } as const;
      const restore = [75, 75, 65].map((limitSeconds) => ({ ...step, limitSeconds }));
      const emergency = [{ ...step, limitSeconds: 5 }];
      const change = { backend: "networkmanager" as const, files: [], quiesce: [], converge: [], restore };
      const request = { change, summary: "", who: "", session: "", seconds: 60 };
      const staging = stage(place.ports, request, { probes: [], emergency, facts: {} });
      if (!staging.ok) throw new Error(staging.error.message);
      const script = join(staging.value.transaction.directory, inside.script);
      mkdirSync(place.ports.places.run, { recursive: true });
      const note = `${other.pid} ${processMark(other.pid ?? 0)?.start} going-back\n`;
      writeFileSync(join(place.ports.places.run, "tx.owner"), note);
      // Nobody sleeps: each second is a line, as long as the other lives.
      const waiting = `sleep() { ! kill -0 ${other.pid} 2>/dev/null || echo "$1"; }`;
      const fast = `sed -e 's/has flock/false/' -e '3i '"$2" "$1" >"$1.2"; exec sh "$1.2" --now`;
      const run = spawnSync("sh", ["-c", fast, "sh", script, waiting], { encoding: "utf8" });
      const seconds = run.stdout.trim().split("\n").length;
      expect(run.status).toBe(0);
      expect(seconds).toBeGreaterThan(75 + 75 + 65 + 5);
      expect(seconds).toBeLessThan(600);
    } finally {
      other.kill("SIGKILL");
      place.remove();
    }
  });

  it("leaves a process alone that only has the same number", () => {
    const { ports, script, remove } = staged(7);
    const other = spawn("sleep", ["600"], { stdio: "ignore", detached: true });
    try {
      mkdirSync(ports.places.run, { recursive: true });
      for (const note of ["tx.owner", "tx.step"]) writeFileSync(join(ports.places.run, note), `${other.pid} 1\n`);
      expect(spawnSync("sh", [script, "--now"]).status).toBe(0);
      expect(isZombie(other.pid)).toBe(false);
    } finally {
      other.kill("SIGKILL");
      remove();
    }
  });

  it("gives up at the third start of the host, and lets it start", () => {
    const { directory, script, remove } = staged(8);
    try {
      renameSync(join(directory, inside.tries(0)), join(directory, inside.tries(3)));
      expect(spawnSync("sh", [script, "--boot"]).status).toBe(1);
      expect(existsSync(join(directory, markers.stuck))).toBe(true);
      // A person may try as often as they like.
      expect(spawnSync("sh", [script, "--now"]).status).toBe(0);
    } finally {
      remove();
    }
  });

  it.skipIf(!has("setfattr"))("keeps labels, from either copy of a file, as the engine does", async () => {
    for (const way of ["the script", "the engine"]) {
      const place = makeRealPlace(chanceOf(10));
      const file = join(place.root, "etc/network/interfaces");
      const image = (text: string) => ({ bytes: Buffer.from(text), mode: 0o640, uid: 0, gid: 8 });
      const labelOf = () =>
        spawnSync("getfattr", ["--only-values", "-n", "user.label", file], { encoding: "utf8" }).stdout;
      try {
        writeImage(file, image("old"));
        spawnSync("setfattr", ["-n", "user.label", "-v", "it's $HOME", file]);
        const files = [{ path: file, before: image("old"), after: image("new"), isSecret: false }];
        const change = { backend: "ifupdown" as const, files, quiesce: [], converge: [], restore: [] };
        const request = { change, summary: "", who: "", session: "", seconds: 60 };
        const applied = await apply(place.ports, request, { tell: () => {}, accept: "nothing" });
        if (applied.outcome !== "verified") throw new Error(applied.outcome);
        expect([labelOf(), readFileSync(file, "utf8")]).toEqual(["it's $HOME", "new"]);
        rmSync(join(dirname(file), besideName("interfaces", applied.id, "old")));
        if (way === "the engine") await rollBack(place.ports);
        else spawnSync("sh", [join(place.ports.places.state, applied.id, inside.script)]);
        expect([way, labelOf(), readFileSync(file, "utf8")]).toEqual([way, "it's $HOME", "old"]);
      } finally {
        place.remove();
      }
    }
  });

  it.each(["the script", "the engine"])("%s reaches the host before the disk has its files back", async (way) => {
    const place = makeRealPlace(chanceOf(11));
    const file = join(place.root, "etc/network/interfaces");
    const seen = join(place.root, "seen");
    const image = (text: string) => ({ bytes: Buffer.from(`${text}\n`), mode: 0o640, uid: 0, gid: 8 });
    const look = { argv: ["sh", "-c", `cat ${file} >>${seen}`] as const, limitSeconds: 5, onFailure: "go-on" } as const;
    try {
      writeImage(file, image("old"));
      const files = [{ path: file, before: image("old"), after: image("new"), isSecret: false }];
      const restore = [
        { ...look, why: "reached again", beforeFiles: true as const },
        { ...look, why: "as it was" },
      ];
      const change = { backend: "ifupdown" as const, files, quiesce: [], converge: [], restore };
      const request = { change, summary: "", who: "", session: "", seconds: 60 };
      const applied = await apply(place.ports, request, { tell: () => {}, accept: "nothing" });
      if (applied.outcome !== "verified") throw new Error(applied.outcome);
      if (way === "the engine") await rollBack(place.ports);
      else spawnSync("sh", [join(place.ports.places.state, applied.id, inside.script)]);
      expect(readFileSync(seen, "utf8")).toBe("new\nold\n");
    } finally {
      place.remove();
    }
  });

  it("is a script that shellcheck has nothing against", ({ skip }) => {
    if (!has("shellcheck")) skip("shellcheck isn't installed");
    const { script, remove } = staged(9);
    const { stdout } = spawnSync("shellcheck", ["-s", "sh", "-S", "warning", script], { encoding: "utf8" });
    remove();
    expect(stdout).toBe("");
  });
});

/** A staged change, by chance. */
function staged(seed: number) {
  const chance = chanceOf(seed);
  const place = makeRealPlace(chance);
  const script = stageRandom(place, chance);
  return { ...place, script, directory: dirname(script) };
}

function isZombie(pid: number | undefined): boolean {
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^.*\)/s, ""));
}

/** Runs it, and kills it and what it started after so many ms, if it still runs. */
function killedAfter([program = "", ...words]: readonly string[], ms: number): Promise<void> {
  const child = spawn(program, [...words, "--now"], { stdio: "ignore", detached: true });
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), ms);
  return new Promise((done) =>
    child.once("exit", () => {
      clearTimeout(timer);
      done();
    }),
  );
}

/** The managed files alone: how often the steps ran may differ. */
function filesOf(root: string): readonly string[] {
  return treeOf(root).filter((line) => line.startsWith("etc"));
}

/** Stages a change over random files, and brings it into a random state between. Gives the path of its rollback.sh. */
function stageRandom({ root, ports }: RealPlace, chance: Chance): string {
  const files = Array.from({ length: 1 + chance.below(5) }, (_, index) => randomFile(root, chance, index));
  for (const { path, before } of files) if (before !== null) writeImage(path, before);
  const said = join(root, "restored");
  writeFileSync(join(root, "etc/netplan", "stays *.yaml"), "was there\n");
  const staged = stage(
    ports,
    {
      change: {
        backend: "ifupdown",
        files,
        quiesce: [],
        converge: [],
        watched: [join(root, "etc/netplan"), join(root, "etc/not-there")],
        restore: [
          {
            argv: ["tee", "-a", said],
            stdin: "it's\nback $HOME\n",
            limitSeconds: 5,
            why: "it's back",
            onFailure: "go-on",
          },
        ],
      },
      summary: "it's\na test",
      who: "test",
      session: "",
      seconds: 60,
    },
    { probes: [], emergency: [], facts: {} },
  );
  if (!staged.ok) throw new Error(staged.error.message);
  const { id, directory } = staged.value.transaction;
  for (const { path, before, after } of files) disturb(chance, id, path, before, after, directory);
  // A guarded command leaves files that nobody could foresee.
  if (chance.happens(0.5)) writeFileSync(join(root, "etc/netplan", "it's $new"), "left\n");
  if (chance.happens(0.3)) writeFileSync(join(root, "etc/netplan", ".hidden"), "left\n");
  return join(directory, inside.script);
}

function randomFile(root: string, chance: Chance, index: number): FileChange {
  const name = `${chance.oneOf([...names])}${index}`;
  const directory = chance.oneOf(["etc/network", "etc/netplan", "etc/network/made/here"]);
  const isNew = directory.includes("made") || chance.happens(0.2);
  const image = (text: string): FileImage => ({
    bytes: Buffer.from(`${text} ${index}\n${"x".repeat(chance.below(3000))}`),
    mode: chance.oneOf([0o600, 0o640, 0o644]),
    uid: chance.oneOf([0, 7]),
    gid: chance.oneOf([0, 8]),
  });
  const after = !isNew && chance.happens(0.2) ? null : image("new");
  return { path: join(root, directory, name), before: isNew ? null : image("old"), after, isSecret: false };
}

/** What may have happened to a file and its images since. */
function disturb(
  chance: Chance,
  id: string,
  path: string,
  before: FileImage | null,
  after: FileImage | null,
  directory: string,
): void {
  const beside = (which: "old" | "new") => join(dirname(path), besideName(basename(path), id, which));
  const isSwapped = chance.happens(0.6);
  if (isSwapped) {
    rmSync(path, { force: true });
    if (after !== null) writeImage(path, after);
    rmSync(beside("new"), { force: true });
  }
  const byHand = { bytes: Buffer.from("by hand\n"), mode: 0o644, uid: 0, gid: 0 };
  switch (chance.below(8)) {
    case 0:
      writeImage(path, byHand);
      break;
    case 1:
      rmSync(path, { force: true });
      break;
    case 2:
      // The image beside it is damaged: there is another.
      if (existsSync(beside("old"))) truncateSync(beside("old"), 3);
      break;
    case 3:
      rmSync(beside("old"), { force: true });
      break;
    case 4:
      rmSync(path, { force: true });
      symlinkSync(directory, path);
      break;
    case 5:
      if (before !== null) writeImage(path, { ...before, mode: 0o666 });
  }
}

/** What must be alike: what is managed, and what is kept of it. Which markers and notes there are is each one's own. */
function treeOf(root: string): readonly string[] {
  const isAlike = (line: string) =>
    /^(etc|restored)/.test(line) ||
    /^var\/tx\/(active|\d)/.test(line) ||
    /^var\/tx\/history\/[^/]+\/(conflict|90)/.test(line);
  return describeTree(root).filter(isAlike);
}
