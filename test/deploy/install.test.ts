import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../house/source.ts";

let dest = "";
beforeAll(() => {
  dest = mkdtempSync(join(tmpdir(), "holdfast-install-"));
});
afterAll(() => rmSync(dest, { recursive: true, force: true }));

/** As a package's build does it: nothing outside of `dest` is touched. */
function install(...words: readonly string[]) {
  const env = { ...process.env, DESTDIR: dest, PREFIX: "/opt" };
  const script = ["-c", `umask 077; exec "$0" "$@"`, join(root, "scripts/install.sh"), ...words];
  const done = spawnSync("sh", script, { encoding: "utf8", env });
  return { status: done.status, said: done.stdout + done.stderr };
}

function run(...words: readonly string[]) {
  return spawnSync(join(dest, "opt/bin/holdfast"), words, { encoding: "utf8", cwd: tmpdir() });
}

test("what is installed runs without its checkout, twice over, and goes away again", () => {
  expect(install()).toEqual({ status: 0, said: "" });
  expect(install()).toEqual({ status: 0, said: "" });
  expect(run("--version").stdout).toMatch(/^holdfast \d/);
  expect(run("explain", "no-link-monitor").stdout).toContain("# no-link-monitor");
  // The one native module: the agent can't start without it.
  const loads = `require(${JSON.stringify(join(dest, "opt/lib/holdfast/node_modules/koffi"))}).load("libc.so.6")`;
  expect(spawnSync(process.execPath, ["-e", loads], { encoding: "utf8" }).stderr).toBe("");
  const units = join(dest, "opt/lib/systemd/system");
  const shipped = readdirSync(join(root, "deploy")).filter((name) => /\.(service|socket)$/.test(name));
  expect(readdirSync(units).toSorted()).toEqual(shipped.toSorted());
  const called = shipped.flatMap(
    (name) => readFileSync(join(units, name), "utf8").match(/^ExecStart=\S*holdfast\b.*/gm) ?? [],
  );
  expect(called.length).toBeGreaterThan(2);
  expect(called.filter((line) => !line.startsWith("ExecStart=/opt/bin/holdfast "))).toEqual([]);
  expect(existsSync(join(dest, "opt/share/man/man5/holdfast.yaml.5"))).toBe(true);
  expect(install("remove").status).toBe(0);
  const left = readdirSync(dest, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  expect(left).toEqual([]);
  // With another PREFIX, or a second time: the one that is elsewhere keeps its services, and its way back at boot.
  expect(install("remove")).toMatchObject({ status: 1, said: expect.stringContaining("PREFIX=") });
}, 60_000);

test("what root installs others can read, however root keeps its own files to itself", () => {
  expect(install()).toEqual({ status: 0, said: "" });
  const modes = readdirSync(dest, { recursive: true, withFileTypes: true }).map(({ parentPath, name }) => {
    return statSync(join(parentPath, name)).mode & 0o005;
  });
  expect(new Set(modes)).toEqual(new Set([0o004, 0o005]));
}, 60_000);
