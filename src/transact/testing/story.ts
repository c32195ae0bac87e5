import { dirname } from "node:path";
import type { FileChange, FileImage, Step } from "../../plan/change.ts";
import type { ApplyRequest } from "../stage.ts";
import type { Chance } from "./chance.ts";

/** What is done in one run of the simulation. */
export interface Story {
  readonly request: ApplyRequest;
  /** Once the change is proven. */
  readonly ending: "confirm" | "extend-confirm" | "unattended" | "wait" | "roll-back" | "wrong-token";
  readonly converge: "works" | "fails" | "hangs";
  /** The change cuts the host off. */
  readonly cutsOff: boolean;
  /** A directory that isn't there is needed. */
  readonly accept: "nothing" | "regressions";
}

const directories = ["/etc/network", "/etc/network/interfaces.d", "/etc/netplan", "/etc/new.d"] as const;

/** A story by chance: one to four files that come, go, change, with and without secrets. */
export function makeStory(chance: Chance): Story {
  const files = Array.from({ length: 1 + chance.below(4) }, (_, index) => makeFile(chance, index));
  const hasQuiesce = chance.happens(0.5);
  const isLent = chance.happens(0.5);
  return {
    request: {
      change: {
        backend: "ifupdown",
        files,
        quiesce: hasQuiesce ? [step("net-down")] : [],
        converge: [step("net-up")],
        restore: [...(isLent ? [{ ...step("net-lend"), beforeFiles: true as const }] : []), step("net-restore")],
      },
      summary: "another bond",
      who: "alice",
      session: "one",
      seconds: 120,
    },
    ending: chance.oneOf([
      "confirm",
      "confirm",
      "confirm",
      "extend-confirm",
      "unattended",
      "wait",
      "roll-back",
      "wrong-token",
    ]),
    converge: chance.happens(0.85) ? "works" : chance.oneOf(["fails", "hangs"]),
    cutsOff: chance.happens(0.12),
    accept: chance.happens(0.1) ? "regressions" : "nothing",
  };
}

function step(name: string): Step {
  return { argv: [name], limitSeconds: 60, why: name, onFailure: "stop" };
}

function makeFile(chance: Chance, index: number): FileChange {
  const fate = chance.below(6);
  // What is in a directory that isn't there yet can only come.
  const directory = fate === 0 ? chance.oneOf([...directories]) : chance.oneOf(["/etc/network", "/etc/netplan"]);
  const isSecret = chance.happens(0.4);
  const before = fate === 0 ? null : makeImage(chance, `old ${index}`, isSecret);
  const after = fate === 1 ? null : makeImage(chance, `new ${index}`, isSecret);
  return { path: `${directory}/file-${index}`, before, after, isSecret };
}

/** Texts of a secret file have the word in them; only such files may. */
export const secretWord = "psk=hunter2";

function makeImage(chance: Chance, text: string, isSecret: boolean): FileImage {
  const words = `${text} ${isSecret ? secretWord : ""} ${"x".repeat(chance.below(40))}`;
  const mode = isSecret ? 0o600 : chance.oneOf([0o644, 0o640, 0o600]);
  return { bytes: Buffer.from(words), mode, uid: 0, gid: chance.oneOf([0, 0, 103]) };
}

/** Directories that are there before. */
export function directoriesBefore({ request }: Story): readonly string[] {
  const needed = request.change.files.filter(({ before }) => before !== null).map(({ path }) => dirname(path));
  return [...new Set(["/etc/network", "/etc/netplan", ...needed])];
}
