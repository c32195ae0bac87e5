import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CheckDocument, ImportDocument, RenderDocument } from "../../src/api/types.ts";

const root = resolve(import.meta.dirname, "../..");
const launcher = join(root, "bin/holdfast");
let folder: string;

beforeAll(() => {
  spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
  folder = mkdtempSync(join(tmpdir(), "holdfast-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function holdfast(...args: string[]) {
  const env = { ...process.env, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(launcher, args, { cwd: folder, encoding: "utf8", env });
  return { status, stdout, stderr };
}

/** A house of two routers, as it ought to be said. */
const declared = `bond:
  name: bond0
  primary: eth0
  ports: [eth0, {name: wlan0, wifi: {ssid: Home, psk: {file: secrets/wlan0.psk}}}]
  address: 192.0.2.5/24
  gateway: 192.0.2.1
`;

/** The mistake that looks like a bond: no monitor, no mode. */
const mistaken = `auto bond0
iface bond0 inet static
    address 192.0.2.5/24
    bond-slaves eth0 eth1
    bond-mode active-backup
`;

describe("bin/holdfast", () => {
  it("says its version, also through a symbolic link", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    symlinkSync(launcher, join(folder, "linked"));
    expect(spawnSync(join(folder, "linked"), ["--version"], { encoding: "utf8" }).stdout).toBe(`holdfast ${version}\n`);
  });

  it("says what to do when it is not built", () => {
    const clone = join(folder, "clone");
    mkdirSync(join(clone, "bin"), { recursive: true });
    for (const name of ["bin/holdfast", "bin/package.json", "package.json"])
      copyFileSync(join(root, name), join(clone, name));
    const { status, stderr } = spawnSync(process.execPath, [join(clone, "bin/holdfast"), "check"], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`Run make build in ${clone}`) });
  });

  it("ends with 0 for nothing to mend, 1 for an error, 2 for what can't be read", () => {
    writeFileSync(join(folder, "holdfast.yaml"), declared);
    writeFileSync(join(folder, "interfaces"), mistaken);
    expect(holdfast("check", "holdfast.yaml").status).toBe(0);
    expect(holdfast("check", "interfaces")).toMatchObject({ status: 1, stderr: "" });
    expect(holdfast("check", "nowhere")).toMatchObject({ status: 2 });
    expect(holdfast("chekc")).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("Did you mean check?"),
    });
    expect(holdfast("explain", "no-such-thing").status).toBe(2);
  });

  it("points at the line, in every format", () => {
    const { diagnostics }: CheckDocument = JSON.parse(holdfast("check", "--json", "interfaces").stdout);
    const found = diagnostics.find(({ code }) => code === "no-link-monitor");
    expect(found).toMatchObject({ severity: "error", file: "interfaces", docs: "docs/rules/no-link-monitor.md" });
    expect(holdfast("check", "interfaces").stdout).toContain(`--> interfaces:${found?.line}:`);
    const sarif = JSON.parse(holdfast("check", "--format", "sarif", "interfaces").stdout);
    const results: { ruleId: string }[] = sarif.runs[0].results;
    expect(results.map(({ ruleId }) => ruleId)).toContain("no-link-monitor");
  });

  it("writes what it renders once, and never over something else", () => {
    const written = holdfast("render", "holdfast.yaml", "--to", "ifupdown", "--out", "root", "--json");
    const { files }: RenderDocument = JSON.parse(written.stdout);
    const path = join(folder, "root/etc/network/interfaces");
    expect(readFileSync(path, "utf8")).toBe(files["/etc/network/interfaces"]);
    writeFileSync(path, "somebody's own");
    const refused = holdfast("render", "holdfast.yaml", "--to", "ifupdown", "--out", "root");
    expect(refused).toMatchObject({ status: 3, stderr: expect.stringContaining("--force") });
    expect(readFileSync(path, "utf8")).toBe("somebody's own");
    holdfast("render", "holdfast.yaml", "--to", "ifupdown", "--out", "root", "--force");
    expect(readFileSync(path, "utf8")).toBe(files["/etc/network/interfaces"]);
  });

  it("keeps files with a key in them to their owner, and keys out of what it prints", () => {
    writeFileSync(
      join(folder, "with-key"),
      `${mistaken}\nauto wlan0\niface wlan0 inet dhcp\n    wpa-ssid Home\n    wpa-psk correcthorse\n`,
    );
    const args = ["with-key", "--from", "ifupdown", "--to", "ifupdown", "--out", "keyed"];
    expect(holdfast("convert", ...args).stdout).not.toContain("correcthorse");
    expect(holdfast("check", "--dialect", "ifupdown", "with-key").stdout).not.toContain("correcthorse");
    expect(holdfast("import", "with-key", "--from", "ifupdown").stdout).not.toContain("correcthorse");
    const path = join(folder, "keyed/etc/network/interfaces");
    expect(readFileSync(path, "utf8")).toContain("correcthorse");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("imports what it rendered", () => {
    const back = holdfast("import", "root", "--json");
    const { config }: ImportDocument = JSON.parse(back.stdout);
    writeFileSync(join(folder, "back.yaml"), config);
    expect(config).toContain("primary: eth0");
    expect(holdfast("check", "back.yaml").status).toBe(0);
  });

  it("says so and fails when its output can't be written", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(launcher, ["check", "holdfast.yaml"], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", full, "pipe"],
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("could not be written (ENOSPC)") });
  });

  it("gives every finding its page, whatever command finds it", () => {
    for (const words of [["check"], ["import"], ["convert", "--to", "ifupdown"]]) {
      const { diagnostics, losses = [] } = JSON.parse(holdfast(...words, "interfaces", "--json").stdout);
      expect(diagnostics.length).toBeGreaterThan(0);
      for (const { docs } of [...diagnostics, ...losses]) expect(docs).toMatch(/^docs\/(rules\/.*\.md|errors\.md#.*)$/);
    }
  });

  it("names what can't be read or written, and what may have been meant", () => {
    symlinkSync("loop-b", join(folder, "loop-a"));
    symlinkSync("loop-a", join(folder, "loop-b"));
    expect(holdfast("check", "loop-a").stdout).toContain("leads back to itself");
    expect(holdfast("check", "-").stdout).toContain("standard input isn't read");
    expect(holdfast("render", "holdfast.yaml", "--to", "ifupdwn").stderr).toMatch(/"ifupdwn".*\n.*mean ifupdown/);
    expect(holdfast("render", "holdfast.yaml").stderr).toContain("--to DIALECT is missing");
    expect(holdfast("explain", "link-monitor").stderr).toContain("no-link-monitor");
    expect(holdfast("explain", "nosuch").stderr).toContain("docs/rules/README.md");
  });

  it("ends quietly when nobody reads on", async () => {
    const child = spawn(launcher, ["check", "--format", "sarif", "interfaces"], { cwd: folder });
    child.stdout.destroy();
    expect(await ended(child)).toMatchObject({ stderr: "" });
  });
});

async function ended(child: ChildProcess): Promise<{ readonly stderr: string; readonly status: number | null }> {
  let stderr = "";
  child.stderr?.on("data", (data) => {
    stderr += String(data);
  });
  const status = await new Promise<number | null>((done) => child.on("close", done));
  return { stderr, status };
}
