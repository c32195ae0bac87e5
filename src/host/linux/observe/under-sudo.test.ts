import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { hostTree } from "./tree.ts";
import { underSudo } from "./under-sudo.ts";

const debian = "ID=debian\n";
const rocky = 'NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\n';

test.each([
  ["sudo holdfast", debian, false],
  ["sudo /usr/local/bin/holdfast", rocky, false],
  ["sudo /usr/local/bin/holdfast", "ID=rhel\nVERSION_ID=9.4\n", false],
  ["sudo holdfast", rocky, true],
])(
  "%s: where sudo may not look into /usr/local/bin it is called by its full path",
  async (call, release, isPackaged) => {
    const root = mkdtempSync(join(tmpdir(), "holdfast-sudo-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    for (const folder of ["etc", "usr/bin"]) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, "etc/os-release"), release);
    if (isPackaged) writeFileSync(join(root, "usr/bin/holdfast"), "");
    expect(await underSudo(hostTree(root))).toBe(call);
  },
);
