import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readText, readTree } from "./read-files.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "holdfast-read-"));
});
afterEach(() => rm(root, { recursive: true }));

describe("readText", () => {
  it("gives text, permission bits and keeps a byte order mark", async () => {
    const path = join(root, "interfaces");
    await writeFile(path, "\uFEFFauto eth0\r\n", { mode: 0o640 });
    await chmod(path, 0o640);
    expect(await readText(path)).toEqual({ text: "\uFEFFauto eth0\r\n", mode: 0o640, isUtf8: true });
  });

  it("names what is no readable text", async () => {
    await writeFile(join(root, "binary"), "a\0b");
    await writeFile(join(root, "large"), "");
    await truncate(join(root, "large"), (1 << 20) + 1);
    expect(await readText(join(root, "binary"))).toBe("binary");
    expect(await readText(join(root, "large"))).toBe("too-large");
    expect(await readText(join(root, "nowhere"))).toBe("missing");
    expect(await readText(join(root, "binary", "below"))).toBe("missing");
    expect(await readText(join(root, "nul\0"))).toBe("missing");
    expect(await readText(root)).toBe("directory");
    expect(await readText("/dev/null")).toBe("not-regular");
  });

  it("doesn't wait for a FIFO's writer", async () => {
    execFileSync("mkfifo", [join(root, "pipe")]);
    expect(await readText(join(root, "pipe"))).toBe("not-regular");
  });

  it("reads text that is no UTF-8 and says so", async () => {
    await writeFile(join(root, "latin1"), Buffer.from("# caf\xe9\n", "latin1"));
    expect(await readText(join(root, "latin1"))).toMatchObject({ text: "# caf\uFFFD\n", isUtf8: false });
  });

  it("says when a file may not be read", async (context) => {
    if (process.getuid?.() === 0) context.skip("root may read everything");
    await writeFile(join(root, "secret"), "x", { mode: 0o000 });
    expect(await readText(join(root, "secret"))).toBe("denied");
  });
});

describe("readTree", () => {
  it("reads what is wanted, sorted, with paths as on the host", async () => {
    await mkdir(join(root, "etc/network/interfaces.d"), { recursive: true });
    await writeFile(join(root, "etc/network/interfaces.d/b"), "b");
    await writeFile(join(root, "etc/network/interfaces.d/a"), "a");
    await writeFile(join(root, "etc/network/interfaces"), "main");
    await writeFile(join(root, "etc/passwd"), "no");
    const read = await readTree(root, (below) => "etc/network/".startsWith(below) || below.startsWith("etc/network/"));
    expect([...read.files]).toEqual([
      ["/etc/network/interfaces", "main"],
      ["/etc/network/interfaces.d/a", "a"],
      ["/etc/network/interfaces.d/b", "b"],
    ]);
    expect(read.diagnostics).toEqual([]);
  });

  it("follows links inside, reports those that lead out or nowhere, and survives loops", async () => {
    await writeFile(join(root, "real"), "text");
    await symlink("real", join(root, "inside"));
    await symlink("/etc/hostname", join(root, "outside"));
    await symlink("nothing", join(root, "dangling"));
    await symlink(".", join(root, "loop"));
    const read = await readTree(root, (below) => !below.startsWith("loop/loop/loop"));
    expect(read.files.get("/inside")).toBe("text");
    expect(read.files.has("/outside")).toBe(false);
    const said = read.diagnostics.map(({ code, at }) => `${code} ${at?.file}`);
    expect(said.filter((line) => !line.includes("loop"))).toEqual([
      "link-leads-nowhere /dangling",
      "link-leaves-root /outside",
    ]);
  });
});
