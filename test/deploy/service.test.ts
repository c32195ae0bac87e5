import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { root, textOf } from "../house/source.ts";

const unit = "deploy/holdfast-agent.service";
const analyze = (args: readonly string[]) => spawnSync("systemd-analyze", args, { cwd: root, encoding: "utf8" });
const isThere = analyze(["--version"]).status === 0;
const settings = new Map(
  textOf(unit)
    .split("\n")
    .filter((line) => /^[A-Z]\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
);

describe("the dashboard's service", () => {
  const name = "deploy/holdfast-dashboard.service";

  it("is exposed by 1.5 at most: it holds no right at all", (context) => {
    if (!isThere) return context.skip("systemd-analyze is not installed");
    const judged = analyze(["security", "--offline=true", "--threshold=15", `${root}/${name}`]);
    expect(`${judged.stdout}${judged.stderr}`).toMatch(
      /Overall exposure level for holdfast-dashboard.service: [01]\.\d/,
    );
    expect(judged.status).toBe(0);
  });

  it.for([name, "deploy/holdfast-drill-request.socket", "deploy/holdfast-drill-request@.service"])(
    "%s is understood word for word",
    (unitName, context) => {
      if (!isThere) return context.skip("systemd-analyze is not installed");
      const { stdout, stderr } = analyze(["verify", "--man=no", `${root}/${unitName}`]);
      const said = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("holdfast"));
      expect(said.filter((line) => !line.includes("is not executable"))).toEqual([]);
    },
  );

  it("has the user it names, who may read what the agent keeps", () => {
    const users = textOf("deploy/sysusers.d/holdfast.conf");
    expect(users).toMatch(/^u holdfast-dashboard - /m);
    expect(users).toMatch(/^m holdfast-dashboard holdfast$/m);
    expect(textOf(name)).toMatch(/^User=holdfast-dashboard$/m);
    // What root makes there besides takes the group from the directory.
    expect(settings.get("StateDirectoryMode")).toBe("2750");
  });
});

describe("the service", () => {
  it("is exposed by 2.5 at most, by systemd's own judgement", (context) => {
    if (!isThere) return context.skip("systemd-analyze is not installed");
    const judged = analyze(["security", "--offline=true", "--threshold=25", `${root}/${unit}`]);
    expect(`${judged.stdout}${judged.stderr}`).toMatch(/Overall exposure level for holdfast-agent.service: [012]\.\d/);
    expect(judged.status).toBe(0);
  });

  it("is understood word for word", (context) => {
    if (!isThere) return context.skip("systemd-analyze is not installed");
    const { stdout, stderr } = analyze(["verify", "--man=no", `${root}/${unit}`]);
    const said = `${stdout}${stderr}`.split("\n").filter((line) => line.includes("holdfast"));
    // The program is not installed where the tests run.
    expect(said.filter((line) => !line.includes("is not executable"))).toEqual([]);
  });

  it("restarts whatever happens, tells when it is ready, and is watched", () => {
    expect(Object.fromEntries(settings)).toMatchObject({
      Type: "notify",
      Restart: "always",
      StartLimitIntervalSec: "0",
      CapabilityBoundingSet: "CAP_NET_ADMIN CAP_NET_RAW",
      ProtectSystem: "strict",
      StateDirectory: "holdfast",
      RuntimeDirectory: "holdfast",
    });
    expect(Number(settings.get("WatchdogSec"))).toBeGreaterThanOrEqual(10);
  });

  it("comes before others' work by its main thread alone, and runs on where the kernel refuses that", () => {
    // "-": a refusal is none of the unit's. "+": it is done with rights that the agent itself doesn't get.
    expect(settings.get("ExecStartPost")).toBe("-+/usr/bin/chrt --reset-on-fork --rr --pid 1 $MAINPID");
    expect(settings.get("RestrictRealtime")).toBe("yes");
    expect(settings.has("CPUSchedulingPolicy")).toBe(false);
  });

  it("keeps what waits in memory for the disk across a restart", () => {
    expect(settings.get("RuntimeDirectoryPreserve")).toBe("yes");
  });

  it("compiles JavaScript: memory that can be written and run must not be forbidden", () => {
    expect(settings.has("MemoryDenyWriteExecute")).toBe(false);
  });

  it("has the group it names", () => {
    expect(existsSync(`${root}/deploy/sysusers.d/holdfast.conf`)).toBe(true);
    expect(textOf("deploy/sysusers.d/holdfast.conf")).toMatch(/^g holdfast -/m);
  });

  it.each(["holdfast-agent", "holdfast-recover"])("%s names a manual page that is there, and is installed", (name) => {
    const [, page, part] = /^Documentation=man:([\w.]+)\((\d)\)/m.exec(textOf(`deploy/${name}.service`)) ?? [];
    expect(existsSync(`${root}/docs/man/${page}.${part}`)).toBe(true);
    expect(textOf("deploy/README.md")).toContain(`docs/man/${page}.${part}`);
  });

  it.for(["holdfast.1", "holdfast.yaml.5"])("the manual page %s is set without a complaint", (page, context) => {
    const lint = spawnSync("mandoc", ["-Tlint", "-Wwarning", `docs/man/${page}`], { cwd: root, encoding: "utf8" });
    if (lint.error !== undefined) return context.skip("mandoc is not installed");
    // A date would be another one at every run.
    expect(lint.stdout.split("\n").filter((line) => line !== "" && !line.includes("missing date"))).toEqual([]);
  });
});
