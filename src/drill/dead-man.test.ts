import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "../../test/house/source.ts";
import { armDeadMan } from "./dead-man.ts";

let place = "";
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "holdfast-dead-man-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const until = async (isSo: () => boolean): Promise<boolean> => {
  for (let waited = 0; waited < 500 && !isSo(); waited++) await sleep(10);
  return isSo();
};

test("a drill that ends well leaves nothing behind, and nothing is put back twice", async () => {
  const directory = join(place, "drill");
  const armed = await armDeadMan({ directory, limitSeconds: 60 });
  if (!armed.ok) throw new Error(armed.error);
  armed.value.hold([{ argv: ["touch", join(place, "restored")] }]);
  armed.value.released();
  await armed.value.disarm();
  expect(await until(() => !existsSync(directory))).toBe(true);
  expect(existsSync(join(place, "restored"))).toBe(false);
});

test("what is cut is put back at once when the drill is killed, and the place is tidied", async () => {
  const directory = join(place, "drill");
  const restored = join(place, "it's restored");
  const contents = `
    import { armDeadMan } from ${JSON.stringify(join(root, "src/drill/dead-man.ts"))};
    const armed = await armDeadMan({ directory: ${JSON.stringify(directory)}, limitSeconds: 60 });
    armed.value.hold([{ argv: ["false"] }, { argv: ["touch", ${JSON.stringify(restored)}] }]);
    process.stdout.write("cut");
    setInterval(() => {}, 1000);
  `;
  const outfile = join(place, "killed.mjs");
  await build({ stdin: { contents, resolveDir: root }, outfile, bundle: true, platform: "node", format: "esm" });
  const child = spawn(process.execPath, [outfile], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  expect(existsSync(restored)).toBe(false);
  child.kill("SIGKILL");
  const killedAt = performance.now();
  expect(await until(() => existsSync(restored))).toBe(true);
  expect(performance.now() - killedAt).toBeLessThan(1_000);
  expect(await until(() => !existsSync(directory))).toBe(true);
});

test("a cut that lasts longer than it may is ended although the drill lives", async () => {
  const directory = join(place, "drill");
  const armed = await armDeadMan({ directory, limitSeconds: 1 });
  if (!armed.ok) throw new Error(armed.error);
  armed.value.hold([{ argv: ["touch", join(place, "restored")] }]);
  expect(await until(() => existsSync(join(place, "restored")))).toBe(true);
  await armed.value.disarm();
});
