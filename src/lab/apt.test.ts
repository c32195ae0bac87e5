import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { missingPackages, parseSimulation, updateOwnLists } from "./apt.ts";

describe("parseSimulation", () => {
  it("names what would be added or replaced, in its new version, and nothing else", () => {
    const text = [
      "Reading package lists...",
      "The following NEW packages will be installed:",
      "  ifupdown libnftnl11",
      "Remv netplan.io [0.106-2]",
      "Inst libnftnl11 (1.2.4-2 Debian:12.5/stable [amd64])",
      "Inst ifupdown [0.8.36] (0.8.41 Debian:12.5/stable, Debian-Security:12/stable-security [amd64])",
      "Inst iproute2 (6.1.0-3 Debian:12.5/stable [all]) []",
      "Conf ifupdown (0.8.41 Debian:12.5/stable [amd64])",
    ].join("\n");
    expect(parseSimulation(text)).toEqual([
      { name: "libnftnl11", version: "1.2.4-2", architecture: "amd64" },
      { name: "ifupdown", version: "0.8.41", architecture: "amd64" },
      { name: "iproute2", version: "6.1.0-3", architecture: "all" },
    ]);
  });
});

const hasApt = spawnSync("apt-get", ["--version"]).status === 0;

describe.skipIf(!hasApt)(`our own package lists${hasApt ? "" : " (skipped: no apt-get)"}`, () => {
  const place = mkdtempSync(join(tmpdir(), "holdfast-apt-"));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(place, { recursive: true });
  });

  it("are whole for each of several labs that fetch them at once", async () => {
    const paragraph = (name: string) =>
      `Package: ${name}\nVersion: 1\nArchitecture: all\nFilename: ${name}.deb\nSize: 1\nSHA256: ${"0".repeat(64)}\n`;
    writeFileSync(join(place, "Packages"), Array.from({ length: 20_000 }, (_, at) => paragraph(`p${at}`)).join("\n"));
    writeFileSync(join(place, "sources.list"), `deb [trusted=yes] copy:${place} ./\n`);
    const settings = `Dir::Etc::sourcelist "${place}/sources.list";\nDir::Etc::sourceparts "/dev/null";\n`;
    writeFileSync(join(place, "apt.conf"), settings);
    vi.stubEnv("APT_CONFIG", join(place, "apt.conf"));
    vi.stubEnv("XDG_CACHE_HOME", place);
    const labs = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => {
        const updated = await updateOwnLists();
        const { command, missing } = await missingPackages("own", [`p${at}`]);
        return { update: updated.stderr, simulation: command.stderr, missing };
      }),
    );
    for (const [at, lab] of labs.entries()) {
      const version = { name: `p${at}`, version: "1", architecture: "all" };
      expect(lab).toEqual({ update: "", simulation: "", missing: [version] });
    }
  });
});
