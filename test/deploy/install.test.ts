import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
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

/** What the script's own functions say, nothing of which installs: it is read up to where it begins to. */
function asked(settings: string, question: string) {
  const script = `eval "$(sed '/^if .* = remove /,$d' "$0")"; id() { echo 0; }; has_systemd() { false; }
    will_have_systemd() { false; }; home=/nonexistent; ${settings}; ${question}`;
  const env = { PATH: process.env["PATH"] };
  const done = spawnSync("sh", ["-c", script, join(root, "scripts/install.sh")], { encoding: "utf8", env });
  return { status: done.status, said: done.stdout + done.stderr };
}

/** A file beside what is installed. */
function written(name: string, text: string, mode = 0o644): string {
  const path = join(dest, name);
  writeFileSync(path, text, { mode });
  return path;
}

test("it is refused where services find no Node, or one that is too old, in the program's own words", () => {
  const old = written("old.cjs", `Object.defineProperty(process, "versions", { value: { node: "18.19.0" } });`);
  const path = (node: string, start: string) => {
    const folder = mkdtempSync(join(dest, node));
    writeFileSync(join(folder, "node"), `#!/bin/sh\nexec ${start} "$@"\n`, { mode: 0o755 });
    return `waiting=${dest}/none; service_path=${folder}`;
  };
  expect(asked(path("new", process.execPath), "check")).toEqual({ status: 0, said: "" });
  const refused = asked(path("old", `${process.execPath} --require ${old}`), "check");
  expect(refused).toMatchObject({
    status: 1,
    said: expect.stringContaining("Node 18.19.0 is too old; 20.19 or newer"),
  });
  // One whose libraries are missing ends as a shell does that finds no program.
  const broken = written(
    "broken",
    "#!/bin/sh\necho 'node: libuv.so.1: cannot open shared object file' >&2\nexit 127\n",
    0o755,
  );
  expect(asked(path("broken", broken), "check")).toMatchObject({
    status: 1,
    said: expect.stringContaining("libuv.so.1"),
  });
  const none = asked(`waiting=${dest}/none; service_path=${dest}`, "check");
  expect(none).toMatchObject({ status: 1, said: expect.stringContaining("Node isn't where services look for it") });
});

test("nothing is replaced, and nothing taken away, while a change of the network waits to be confirmed", () => {
  const settings = `waiting=${written("active", "")}`;
  for (const question of ["check", "remove"])
    expect(asked(settings, question)).toMatchObject({ status: 1, said: expect.stringContaining("holdfast confirm") });
});

test("it says how to call it where sudo doesn't look there", () => {
  const said = (text: string) => asked(`sudoers=${written("sudoers", text)}`, "tell_of_sudo");
  expect(said('Defaults env_reset\nDefaults\tsecure_path="/usr/local/sbin:/usr/local/bin:/usr/bin"\n').said).toBe("");
  expect(said("Defaults env_reset\n").said).toBe("");
  const red = said("Defaults    secure_path = /sbin:/bin:/usr/sbin:/usr/bin\n");
  expect(red).toMatchObject({ status: 0, said: expect.stringContaining("sudo /usr/local/bin/holdfast") });
  expect(asked(`sudoers=${dest}/none`, "tell_of_sudo")).toEqual({ status: 0, said: "" });
});
