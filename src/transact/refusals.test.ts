import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { FileChange, FileImage } from "../plan/change.ts";
import { type Applied, apply } from "./apply.ts";
import { confirm, type Proof } from "./confirm.ts";
import { extend } from "./extend.ts";
import { hostDisk } from "./host-disk.ts";
import type { Ports } from "./ports.ts";
import { rollBack } from "./roll-back.ts";
import type { ApplyRequest } from "./stage.ts";
import { pending } from "./status.ts";
import { chanceOf } from "./testing/chance.ts";
import { describeTree, makeRealPlace, realPorts, writeImage } from "./testing/real-place.ts";

const image = (text: string, mode = 0o644): FileImage => ({ bytes: Buffer.from(text), mode, uid: 0, gid: 0 });
const before = image("old\n");
const after = image("new\n");

function freshPlace() {
  const place = makeRealPlace(chanceOf(1));
  onTestFinished(place.remove);
  return { ...place, etc: join(place.root, "etc"), file: join(place.root, "etc/network/interfaces") };
}

function requestOf(files: readonly Partial<FileChange>[], more: Partial<ApplyRequest> = {}): ApplyRequest {
  return {
    change: {
      backend: "ifupdown",
      files: files.map((file) => ({ path: "", before, after, isSecret: false, ...file })),
      quiesce: [],
      converge: [],
      restore: [],
    },
    ...{ summary: "a bond", who: "alice (uid 1000)", session: "one", seconds: 120 },
    ...more,
  };
}

async function applyTo(ports: Ports, request: ApplyRequest): Promise<Applied> {
  return await apply(ports, request, { tell: () => {}, accept: "nothing" });
}

/** Applies, expects a refusal that left everything as it was, and gives its code. */
async function refusedCode(root: string, ports: Ports, files: readonly Partial<FileChange>[]): Promise<string> {
  const tree = describeTree(join(root, "etc"));
  const applied = await applyTo(ports, requestOf(files));
  expect(describeTree(join(root, "etc"))).toEqual(tree);
  expect(pending(ports)).toBeUndefined();
  return applied.outcome === "refused" ? applied.refusal.code : applied.outcome;
}

describe.skipIf(process.getuid?.() !== 0)("apply refuses before it touches anything", () => {
  it("a link that leads out of /etc; one inside is followed", async () => {
    const { root, ports, etc, file } = freshPlace();
    mkdirSync(join(root, "lib"));
    writeImage(join(root, "lib/interfaces"), before);
    symlinkSync(join(root, "lib/interfaces"), file);
    expect(await refusedCode(root, ports, [{ path: file }])).toBe("outside");
    const inner = join(etc, "network/inner");
    writeImage(join(etc, "netplan/real"), before);
    symlinkSync("../netplan/real", inner);
    expect((await applyTo(ports, requestOf([{ path: inner }]))).outcome).toBe("verified");
    expect(readFileSync(join(etc, "netplan/real"), "utf8")).toBe("new\n");
    expect(hostDisk.look(inner)?.kind).toBe("link");
  });

  it("a directory on the way that leads out of /etc", async () => {
    const { root, ports, etc } = freshPlace();
    mkdirSync(join(root, "elsewhere"));
    symlinkSync(join(root, "elsewhere"), join(etc, "ifcfg"));
    expect(await refusedCode(root, ports, [{ path: join(etc, "ifcfg/a"), before: null }])).toBe("outside");
    expect(await refusedCode(root, ports, [{ path: join(etc, "../var/x"), before: null }])).toBe("outside");
  });

  it("a file with a second name, a directory, a name that is too long, a file said twice", async () => {
    const { root, ports, etc, file } = freshPlace();
    writeImage(file, before);
    linkSync(file, join(etc, "second"));
    expect(await refusedCode(root, ports, [{ path: file }])).toBe("hard-linked");
    expect(await refusedCode(root, ports, [{ path: join(etc, "netplan"), before: null }])).toBe("not-a-file");
    expect(await refusedCode(root, ports, [{ path: join(etc, "x".repeat(250)), before: null }])).toBe("name-too-long");
    const twice = { path: join(etc, "network/new"), before: null };
    expect(await refusedCode(root, ports, [twice, twice])).toBe("link");
  });

  it("a file that isn't any more what the plan was made from: text, mode, or there at all", async () => {
    const { root, ports, file } = freshPlace();
    expect(await refusedCode(root, ports, [{ path: file }])).toBe("changed-meanwhile");
    writeImage(file, image("edited\n"));
    expect(await refusedCode(root, ports, [{ path: file }])).toBe("changed-meanwhile");
    writeImage(file, { ...before, mode: 0o600 });
    expect(await refusedCode(root, ports, [{ path: file }])).toBe("changed-meanwhile");
  });

  it("an immutable file", async ({ skip }) => {
    const { root, ports, file } = freshPlace();
    writeImage(file, before);
    if (spawnSync("chattr", ["+i", file]).status !== 0) skip("this file system has no immutable files");
    onTestFinished(() => {
      spawnSync("chattr", ["-i", file]);
    });
    expect(await refusedCode(root, ports, [{ path: file }])).toBe("read-only");
  });

  it("when nobody can promise to roll back in time", async () => {
    const { root, ports, file } = freshPlace();
    writeImage(file, before);
    const mute: Ports["deadMan"] = { ...ports.deadMan, check: async () => ({ ok: false, error: { message: "gone" } }) };
    expect(await refusedCode(root, { ...ports, deadMan: mute }, [{ path: file }])).toBe("no-dead-man");
    const late: Ports["deadMan"] = { ...ports.deadMan, check: async () => ({ ok: true, value: 7200 }) };
    expect(await refusedCode(root, { ...ports, deadMan: late }, [{ path: file }])).toBe("no-dead-man");
  });

  it("a second operator, with who, what and until when", async () => {
    const { ports, file } = freshPlace();
    writeImage(file, before);
    expect((await applyTo(ports, requestOf([{ path: file }]))).outcome).toBe("verified");
    const second = await applyTo(ports, requestOf([{ path: file, before: after }]));
    if (second.outcome !== "refused") throw new Error(second.outcome);
    expect(second.refusal.code).toBe("pending");
    expect(second.refusal.message).toMatch(/alice \(uid 1000\).*a bond.*rolled back in 120 s/);
  });
});

describe.skipIf(process.getuid?.() !== 0)("a proven change", () => {
  async function proven() {
    const { root, ports, file } = freshPlace();
    writeImage(file, before);
    const applied = await applyTo(ports, requestOf([{ path: file }]));
    if (applied.outcome !== "verified") throw new Error(applied.outcome);
    return { root, ports, file, token: applied.token };
  }
  const byToken = (token: string, session = "two"): Proof => ({ by: "token", token, session });
  const codeOf = async (ports: Ports, proof: Proof) => {
    const done = await confirm(ports, proof);
    return done.ok ? "confirmed" : done.error.code;
  };

  it("is made on a host that has nothing of ours yet", async () => {
    const { root, ports, file } = freshPlace();
    rmSync(join(root, "var"), { recursive: true });
    writeImage(file, before);
    expect((await applyTo(ports, requestOf([{ path: file }]))).outcome).toBe("verified");
  });

  it("is confirmed by its token from another session, however that is typed", async () => {
    const { ports, token } = await proven();
    expect(await codeOf(ports, byToken(token, "one"))).toBe("same-session");
    expect(await codeOf(ports, byToken(` ${token.toUpperCase().replaceAll("-", " ")} `))).toBe("confirmed");
    expect(await codeOf(ports, byToken(token))).toBe("no-transaction");
  });

  it("looks at five wrong tokens a minute, and at none after that, the right one included", async () => {
    const { root, ports, file, token } = await proven();
    for (let count = 0; count < 5; count++) expect(await codeOf(ports, byToken("aaaa-bbbb"))).toBe("wrong-token");
    expect(await codeOf(ports, byToken(token))).toBe("too-many-tries");
    // Rolling back is never refused for it.
    expect((await rollBack(ports)).ok).toBe(true);
    expect(readFileSync(file, "utf8")).toBe("old\n");
    expect(await codeOf(realPorts(root, chanceOf(2)), byToken(token))).toBe("no-transaction");
  });

  it("isn't confirmed after its deadline or another boot, even if its timer failed", async () => {
    const { root, ports, token } = await proven();
    expect(await codeOf(realPorts(root, chanceOf(2), hostDisk, 1121), byToken(token))).toBe("too-late");
    const rebooted = { ...ports, clock: { ...ports.clock, boot: () => "another" } };
    expect(await codeOf(rebooted, byToken(token))).toBe("too-late");
  });

  it("is given more time, counted from then", async () => {
    const { root, ports, token } = await proven();
    const later = realPorts(root, chanceOf(2), hostDisk, 1100);
    const extended = await extend({ ...later, deadMan: ports.deadMan }, 300);
    expect(extended.ok && extended.value).toMatchObject({ number: 2, deadline: 1400 });
    expect(await codeOf(realPorts(root, chanceOf(2), hostDisk, 1390), byToken(token))).toBe("confirmed");
  });

  it("leaves what somebody edits after it was confirmed, and its token is nowhere on the disk", async () => {
    const { root, ports, file, token } = await proven();
    const plain = token.replaceAll("-", "");
    const written = describeTree(join(root, "var")).join("\n");
    expect(written.includes(token) || written.includes(plain)).toBe(false);
    expect(await codeOf(ports, byToken(token))).toBe("confirmed");
    writeFileSync(file, "edited\n");
    expect((await rollBack(ports)).ok).toBe(false);
    expect(readFileSync(file, "utf8")).toBe("edited\n");
  });
});
