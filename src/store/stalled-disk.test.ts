import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, type TestContext } from "vitest";
import { openStore } from "./testing/places.ts";

/** A real file system of its own that can be made to stand still, or the test is skipped. */
function freezableDisk(context: TestContext): string {
  if (process.getuid?.() !== 0) context.skip("freezing a file system needs root");
  const folder = mkdtempSync(join(tmpdir(), "holdfast-stall-"));
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("truncate", ["-s", "16M", join(folder, "image")]);
    execFileSync("mkfs.ext4", ["-q", join(folder, "image")], { stdio: "ignore" });
    execFileSync("mount", ["-o", "loop", join(folder, "image"), disk], { stdio: "ignore" });
  } catch {
    rmSync(folder, { recursive: true });
    context.skip("this machine has no loop devices, or no mkfs.ext4");
  }
  onTestFinished(() => {
    execFileSync("umount", ["--lazy", disk]);
    rmSync(folder, { recursive: true });
  });
  return disk;
}

it("a disk that stands still holds up neither append nor the event loop, and gets everything when it goes on", async (context) => {
  const disk = freezableDisk(context);
  const memory = mkdtempSync("/dev/shm/holdfast-stall-");
  onTestFinished(() => rmSync(memory, { recursive: true }));
  const store = await openStore(join(disk, "events"), { spool: memory, syncMs: 10 });
  store.append({ what: "configured" });
  await store.flush();
  execFileSync("fsfreeze", ["--freeze", disk]);
  // Whatever becomes of this test, the file system goes on.
  const thaw = spawn("sh", ["-c", `sleep 2; fsfreeze --unfreeze '${disk}'`], { stdio: "ignore" });
  const isThawed = new Promise((done) => thaw.once("exit", done));
  const times = { append: 0, loop: 0 };
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    times.loop = Math.max(times.loop, now - last);
    store.append({ what: "warning", port: "eth0", evidence: "meanwhile" });
    times.append = Math.max(times.append, performance.now() - now);
    last = performance.now();
  }, 10);
  await isThawed;
  clearInterval(timer);
  expect(store.health().spool).toBe("tmpfs");
  // A write to this disk would have taken the two seconds; how busy this machine is must not matter here.
  expect(times.append).toBeLessThan(1000);
  expect(times.loop).toBeLessThan(1000);
  await store.flush();
  expect(store.health()).toMatchObject({ state: "fine", pending: 0, lost: 0 });
  expect((await store.read()).events.length).toBeGreaterThan(50);
}, 30_000);
