import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkMany } from "../../src/cli/check-many/check-many.ts";
import { checkPaths } from "../../src/cli/check-paths.ts";
import { manyPaths, printReport } from "../../src/cli/print-report.ts";
import { memoryCli } from "../../src/cli/testing/memory-cli.ts";

const root = resolve(import.meta.dirname, "../..");
let folder: string;
let paths: readonly string[];

beforeAll(() => {
  spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: root });
  folder = mkdtempSync(join(tmpdir(), "holdfast-many-"));
  paths = Array.from({ length: manyPaths + 50 }, (_, index) => {
    const path = join(folder, `h${index}`, "etc/network/interfaces");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, interfaces(index));
    return join(folder, `h${index}`);
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One in three has a monitor; one in fifty a radio with its key. */
function interfaces(index: number): string {
  const monitor = index % 3 === 0 ? "    bond-miimon 100\n" : "";
  const radio = index % 50 === 0 ? `auto wlan0\niface wlan0 inet dhcp\n    wpa-psk correcthorse${index}\n` : "";
  return `auto bond0\niface bond0 inet dhcp\n    bond-slaves eth0 eth1\n    bond-mode active-backup\n${monitor}${radio}`;
}

function holdfast(...args: string[]) {
  const env = { ...process.env, NO_COLOR: "1", COLUMNS: "100" };
  const most = 64 << 20;
  return spawnSync(join(root, "bin/holdfast"), args, { cwd: folder, encoding: "utf8", env, maxBuffer: most });
}

describe("check of many hosts", () => {
  it.each(["text", "json", "sarif"] as const)("prints as %s what one thread prints", async (format) => {
    const version = holdfast("--version").stdout.trim().replace("holdfast ", "");
    const cli = memoryCli({ home: root, version, cwd: folder });
    await printReport(cli, await checkPaths({ paths, cwd: folder }), format);
    const { status, stdout, stderr } = holdfast("check", "--format", format, ...paths);
    expect(stderr).toBe("");
    expect(status).toBe(1);
    expect(stdout).toBe(cli.printed().stdout);
  });

  it("prints what one thread prints with paths named twice, relative, or not there, and with a topology", async () => {
    const topology = join(folder, "around.yaml");
    writeFileSync(topology, "topology: |\n  eth0 – switch sw – router gw\n  eth1 – sw\n");
    const some = ["h0", ...paths.slice(0, 120), "nobody", "h0", ...paths.slice(120), "./h7"];
    const cli = memoryCli({ home: root, cwd: folder });
    await printReport(cli, await checkPaths({ paths: some, cwd: folder, topology }), "text");
    const { status, stdout } = holdfast("check", "--topology", topology, ...some);
    expect(status).toBe(2);
    expect(stdout).toBe(cli.printed().stdout);
  });

  it("ends without a word when nobody reads on", () => {
    const line = `"$0" check "$@" | head -n 1; exit "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", line, join(root, "bin/holdfast"), ...paths], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toBe("");
  });

  it("doesn't begin when it has been stopped already", async () => {
    const cli = memoryCli({ home: root, cwd: folder, signal: AbortSignal.abort("SIGINT") });
    expect(await checkMany(cli, { paths, cwd: folder }, "text")).toMatchObject({ unread: 0 });
    expect(cli.printed()).toEqual({ stdout: "", stderr: "" });
  });

  it("says that one of them can't be read", () => {
    const { status, stdout } = holdfast("check", ...paths, join(folder, "nobody"));
    expect(status).toBe(2);
    expect(stdout).toContain("nobody");
  });
});
