import { spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileChange, FileImage } from "../plan/change.ts";
import { besideName, inside } from "../plan/protocol.ts";
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
      for (let seed = 1; seed <= 25; seed++) {
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

/** Stages a change over random files, and brings it into a random state between. Gives the path of its rollback.sh. */
function stageRandom({ root, ports }: RealPlace, chance: Chance): string {
  const files = Array.from({ length: 1 + chance.below(5) }, (_, index) => randomFile(root, chance, index));
  for (const { path, before } of files) if (before !== null) writeImage(path, before);
  const said = join(root, "restored");
  const staged = stage(
    ports,
    {
      change: {
        backend: "ifupdown",
        files,
        quiesce: [],
        converge: [],
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
