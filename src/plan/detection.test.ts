import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { detectAgain, undetected } from "./detection.ts";

const space = ["unshare", "--map-root-user", "--net"];
const canUnshare =
  spawnSync(space[0] ?? "", [...space.slice(1), "cat", "/proc/sys/net/ipv6/conf/lo/accept_dad"]).status === 0;

/** What stands in the kernel's file of a namespace of its own after each of these, begun with a value. */
function after(begin: number, ...acts: readonly string[]): readonly string[] {
  const file = "/proc/sys/net/ipv6/conf/default/accept_dad";
  const script = [`echo ${begin} >${file}`, ...acts.flatMap((act) => [act, `cat ${file}`])].join("\n");
  // dash where it is: it reads such files otherwise than bash does.
  const shell = spawnSync("dash", ["-c", ":"]).status === 0 ? "dash" : "sh";
  const [program = "", ...words] = space;
  return spawnSync(program, [...words, shell, "-c", script, "sh", "default"], { encoding: "utf8" })
    .stdout.trim()
    .split("\n");
}

describe.skipIf(!canUnshare)(
  `the kernel's own detection of addresses${canUnshare ? "" : " (skipped: no network namespace here)"}`,
  () => {
    const [off, on] = [undetected("$1"), detectAgain("$1")];
    test("is off and on again as it was, however often somebody does either", () => {
      expect(after(1, off, off, on, on)).toEqual(["-101", "-101", "1", "1"]);
      expect(after(2, off, on)).toEqual(["-102", "2"]);
    });
    test("stays as it is where there was none", () => {
      expect(after(0, off, on)).toEqual(["0", "0"]);
      expect(after(-1, off, on)).toEqual(["-1", "-1"]);
    });
  },
);
