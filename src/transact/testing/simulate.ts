import { apply } from "../apply.ts";
import { confirm } from "../confirm.ts";
import { extend } from "../extend.ts";
import { recover } from "../recover.ts";
import { rollBack } from "../roll-back.ts";
import { type Chance, chanceOf } from "./chance.ts";
import { type Fault, type Faults, letFail, makeFaults } from "./fault-plan.ts";
import { Killed, type Machine, makeMachine, type Process } from "./machine.ts";
import { putDirectories, putFile, signatureOf } from "./place-files.ts";
import { type Expected, offencesAgainst, watchSecrets } from "./promises.ts";
import { directoriesBefore, makeStory, type Story } from "./story.ts";

/** What one run came to. */
export interface Outcome {
  readonly story: Story;
  readonly faults: readonly Fault[];
  /** Promises that were broken, in words; none is as it should be. */
  readonly offences: readonly string[];
  /** How many things the transaction did before its first fault or its end. */
  readonly acts: number;
  /** What the operator was told in the end. */
  readonly told: string;
}

/** One story with its faults, both by chance, and whether every promise was kept. The same seed gives the same. */
export async function simulateSeed(seed: number, tell: Tell = () => {}): Promise<Outcome> {
  const chance = chanceOf(seed);
  const story = makeStory(chance);
  return await simulate(story, makeFaults(chance), chance, tell);
}

/** One story with these faults. */
export async function simulate(
  story: Story,
  faults: readonly Fault[],
  chance: Chance,
  tell: Tell = () => {},
): Promise<Outcome> {
  const { files } = story.request.change;
  const machine = makeMachine(chance, () => files.map(({ path }) => path));
  putDirectories(machine, [...directoriesBefore(story), "/run", "/var/lib/holdfast"]);
  for (const { path, before } of files) if (before !== null) putFile(machine, path, before);
  machine.disk.syncAll();
  machine.network = signatureOf(machine, story);
  const newNetwork = signatureOf(machine, story, "after");
  machine.reaches = (network) => network !== "down" && !(story.cutsOff && network === newNetwork);
  const expected: Expected = { told: "nothing", edits: new Map(), offences: [] };
  machine.onStep = (name) => onStep(machine, story, expected, chance, name);
  const failing = letFail(machine, faults);
  watchSecrets(machine, expected);
  tellActs(machine, tell);
  failing.next();
  await asProcess(machine, (process) => operate(machine, process, story, expected));
  const acts = failing.count();
  await machine.quiet();
  await settle(machine, failing, faults.length, story, expected);
  const offences = () => offencesAgainst(machine, story, expected).map((each) => `${each} [told ${expected.told}]`);
  const found = failing.isLasting() ? [] : offences();
  if (found.length > 0) return { story, faults, acts, told: expected.told, offences: found };
  // What is true must stay true without anything that isn't on the disk.
  machine.lostPower = chance.oneOf(["none", "some"]);
  failing.heal();
  await boot(machine, story, expected);
  await asProcess(machine, ({ ports }) => recover(ports, "running"));
  return { story, faults, acts, told: expected.told, offences: offences() };
}

/** Told of everything that is done, one line each. */
export type Tell = (line: string) => void;

function tellActs(machine: Machine, tell: Tell): void {
  const { before } = machine;
  machine.before = (act, path, partly, process) => {
    tell(`process ${process.ports.clock.self().pid}: ${act} ${path}`);
    try {
      before(act, path, partly, process);
    } catch (problem) {
      tell(`  ${machine.lostPower !== undefined ? "the power goes" : problem instanceof Killed ? "killed" : problem}`);
      throw problem;
    }
  };
}

/** The operator's part. */
async function operate(machine: Machine, process: Process, story: Story, expected: Expected): Promise<void> {
  const { accept, request, ending } = story;
  const applied = await apply(process.ports, request, { tell: () => {}, accept });
  if (applied.outcome === "refused") expected.told = "refused";
  if (applied.outcome === "went-back" && applied.back.outcome === "rolled-back") expected.told = "rolled back";
  if (expected.told !== "nothing") expected.offences.push(...offencesNow(machine, story, expected));
  if (applied.outcome !== "verified") return;
  process.isAlive = false;
  const { ports } = machine.start();
  if (ending === "roll-back") {
    const done = await rollBack(ports);
    if (done.ok && done.value.outcome === "rolled-back") expected.told = "rolled back";
    return;
  }
  if (ending === "wait") return;
  if (ending === "extend-confirm") {
    machine.now += 60;
    const extended = await extend(ports, 120);
    machine.now += 90;
    machine.fireDue();
    if (!extended.ok) return;
  }
  const token = ending === "wrong-token" ? "aaaa" : applied.token;
  if (ending !== "wrong-token") expected.told = "perhaps";
  const proof = ending === "unattended" ? { by: "probes" as const } : { by: "token" as const, token, session: "two" };
  const done = await confirm(ports, proof);
  if (done.ok) expected.told = ending === "wrong-token" ? "confirmed by a wrong token" : "confirmed";
  // A disk that refused may have taken the decision after all: then it stays, whole.
  else if (done.error.code !== "disk") expected.told = "nothing";
}

function offencesNow(machine: Machine, story: Story, expected: Expected): readonly string[] {
  if (machine.lostPower !== undefined) return [];
  return offencesAgainst(machine, story, expected, "files").map((each) => `at once: ${each} [told ${expected.told}]`);
}

/** Nobody decides anything any more: timers fire, the machine starts again if its power was lost, whoever comes next tidies up. */
async function settle(
  machine: Machine,
  failing: Faults,
  rounds: number,
  story: Story,
  expected: Expected,
): Promise<void> {
  for (let round = 0; round <= rounds; round++) {
    failing.next();
    if (machine.lostPower !== undefined) {
      failing.heal();
      await boot(machine, story, expected);
    } else {
      machine.now += 200;
      machine.fireDue();
      await machine.quiet();
      machine.now += 60;
    }
    if (machine.lostPower === undefined) await asProcess(machine, ({ ports }) => recover(ports, "running"));
    await machine.quiet();
  }
}

/** The machine starts: first what was pending is put back, then the network comes up from its files. */
async function boot(machine: Machine, story: Story, expected: Expected): Promise<void> {
  machine.reboot();
  let what = "cut off";
  await asProcess(machine, async ({ ports }) => {
    what = (await recover(ports, "booting")).what;
  });
  if (machine.lostPower !== undefined) return;
  machine.network = machine.signature();
  // A disk that refuses once more lets the host start all the same; whoever comes next puts it right.
  if (["cut off", "stuck", "nothing"].includes(what)) return;
  const seen = offencesAgainst(machine, story, expected, "files").map((each) => `the network came up when ${each}`);
  expected.offences.push(...seen);
}

async function asProcess(machine: Machine, act: (process: Process) => Promise<unknown>): Promise<void> {
  const process = machine.start();
  try {
    await act(process);
  } catch (problem) {
    if (!(problem instanceof Killed)) throw problem;
  }
  process.isAlive = false;
}

/** While the network comes up, somebody else may edit a file, and a second operator may try. */
function onStep(machine: Machine, story: Story, expected: Expected, chance: Chance, name: string) {
  if (name !== "net-up") return "works" as const;
  if (chance.happens(0.1)) {
    const file = story.request.change.files[0];
    const image = { bytes: Buffer.from("by hand"), mode: 0o644, uid: 0, gid: 0 };
    if (file !== undefined) {
      putFile(machine, file.path, image);
      expected.edits.set(file.path, image);
    }
  }
  if (chance.happens(0.1)) {
    machine.running.push(
      asProcess(machine, async ({ ports }) => {
        const second = await apply(ports, story.request, { tell: () => {}, accept: "nothing" });
        if (second.outcome !== "refused") expected.offences.push("a second operator wasn't refused");
      }),
    );
  }
  return story.converge;
}
