import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeFiles } from "./write-files.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "holdfast-write-"));
});
afterEach(() => rm(root, { recursive: true }));

const interfaces = "/etc/network/interfaces";
const files = new Map([[interfaces, "auto bond0\n"]]);

it("writes files below the root, those with secrets for their owner only, and leaves nothing else", async () => {
  const written = await writeFiles({ root, files, secret: new Set([interfaces]), existing: "keep" });
  expect(written).toEqual({ ok: true, value: [join(root, interfaces)] });
  expect(await readFile(join(root, interfaces), "utf8")).toBe("auto bond0\n");
  expect((await stat(join(root, interfaces))).mode & 0o777).toBe(0o600);
  expect(await readdir(join(root, "etc/network"))).toEqual(["interfaces"]);
});

it("refuses to overwrite another text, and then writes nothing at all", async () => {
  await writeFiles({ root, files, secret: new Set(), existing: "keep" });
  const both = new Map([
    ["/etc/new", "new"],
    [interfaces, "other\n"],
  ] as const);
  const refused = await writeFiles({ root, files: both, secret: new Set(), existing: "keep" });
  expect(refused).toEqual({ ok: false, error: { code: "exists", paths: [join(root, interfaces)] } });
  expect(await readdir(join(root, "etc"))).toEqual(["network"]);
  expect((await writeFiles({ root, files, secret: new Set(), existing: "keep" })).ok).toBe(true);
  expect((await writeFiles({ root, files: both, secret: new Set(), existing: "replace" })).ok).toBe(true);
  expect(await readFile(join(root, interfaces), "utf8")).toBe("other\n");
});

it("never writes outside the root, neither by dots nor through a link", async () => {
  const dots = new Map([["/../escaped", "x"]]);
  expect(
    await writeFiles({ root: join(root, "in"), files: dots, secret: new Set(), existing: "replace" }),
  ).toMatchObject({
    error: { code: "outside" },
  });
  await mkdir(join(root, "in"));
  await mkdir(join(root, "elsewhere"));
  await symlink(join(root, "elsewhere"), join(root, "in/etc"));
  const linked = new Map([["/etc/x", "x"]]);
  expect(
    await writeFiles({ root: join(root, "in"), files: linked, secret: new Set(), existing: "replace" }),
  ).toMatchObject({
    error: { code: "outside" },
  });
  expect(await readdir(join(root, "elsewhere"))).toEqual([]);
});

it("says which file and why when the disk refuses", async () => {
  await writeFile(join(root, "etc"), "a file in the way");
  const result = await writeFiles({ root, files, secret: new Set(), existing: "replace" });
  expect(result).toMatchObject({ ok: false, error: { code: "failed", paths: [join(root, interfaces)] } });
});

it("gives up at once where no directory can be made", async () => {
  const result = await writeFiles({ root: "/proc/nothing", files, secret: new Set(), existing: "replace" });
  expect(result).toMatchObject({ ok: false, error: { code: "failed", errno: "ENOENT" } });
});

it.each(["/", "//", "/proc/self/root", "/proc/self/cwd/../../../../../../../.."])(
  "leaves the live host alone, even when told to replace: %s",
  async (name) => {
    const mine = new Map([[join(root, "made"), "x"]]);
    const refused = await writeFiles({ root: name, files: mine, secret: new Set(), existing: "replace" });
    expect(refused).toMatchObject({ ok: false, error: { code: "live" } });
    expect(await readdir(root)).toEqual([]);
  },
);

it("knows the live root behind a symbolic link, and the live /etc behind one in another root", async () => {
  await symlink("/", join(root, "link"));
  const mine = new Map([[join(root, "made"), "x"]]);
  const request = { secret: new Set<string>(), existing: "replace" } as const;
  expect(await writeFiles({ ...request, root: join(root, "link"), files: mine })).toMatchObject({
    error: { code: "live" },
  });
  await mkdir(join(root, "other"));
  await symlink("/tmp", join(root, "other/tmp"));
  expect(await writeFiles({ ...request, root: join(root, "other"), files: new Map([["/tmp/x", "x"]]) })).toMatchObject({
    error: { code: "live" },
  });
});
