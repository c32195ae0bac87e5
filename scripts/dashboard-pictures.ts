import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { parseHoldfast } from "../src/config/parse-holdfast.ts";
import { chooseEngine } from "../src/lab/engines.ts";
import { withDefaults } from "../src/model/defaults.ts";
import { networkDigest, readRehearsals, rehearsalDirectories } from "../src/store/rehearsals.ts";
import { root, textOf } from "../test/house/source.ts";
import { type LabHost, openLabHost } from "../test/lab/dashboard/in-lab.ts";
import { browserMissing, openBrowser } from "../test/web/browser.ts";

/** Takes the guide's pictures of the dashboard, in Chromium, of a host in the lab under systemd: what they show was measured while they were
 *  made, by the rehearsal, by a drill and in a trouble of its far powerline adapter's. Some five minutes. */

const example = "examples/powerline-wifi.yaml";
const password = "only for the pictures";
const wide = { viewport: { width: 1200, height: 1180 } };
const shots = [
  { name: "dashboard-light", colorScheme: "light", ...wide },
  { name: "dashboard-dark", colorScheme: "dark", ...wide },
  { name: "dashboard-what-if", colorScheme: "light", viewport: { width: 1200, height: 760 }, fault: "off-plc-b" },
  { name: "dashboard-phone", colorScheme: "light", viewport: { width: 360, height: 1180 } },
] as const;
type Shot = (typeof shots)[number];

/** The host is cut and mended in between, and the charts want something to show. */
const [calmMs, deadMs, patientMs] = [40_000, 12_000, 400_000];

async function main(): Promise<void> {
  if (browserMissing !== undefined) throw new Error(browserMissing);
  const engine = await chooseEngine("uml");
  if (!engine.ok) throw new Error(engine.error.message);
  const rehearsed = rehearse();
  const [host, browser] = await Promise.all([openLabHost(engine.value, { timeoutMs: 1_200_000 }), openBrowser()]);
  try {
    for (const [path, text] of Object.entries(await rehearsed)) await put(host, path, text);
    await live(host);
    const directory = join(root, "docs/guide/pictures");
    mkdirSync(directory, { recursive: true });
    for (const shot of shots) writeFileSync(join(directory, `${shot.name}.webp`), await take(host, browser, shot));
  } finally {
    await browser.close();
    await host.close();
  }
}

/** Rehearses the example as anybody would. Returns what was kept of it, as files of a host's. */
async function rehearse(): Promise<Readonly<Record<string, string>>> {
  const own = mkdtempSync(join(tmpdir(), "holdfast-pictures-"));
  const env = { ...process.env, XDG_STATE_HOME: own };
  const child = spawn(join(root, "bin/holdfast"), ["rehearse", join(root, example)], { env, stdio: "ignore" });
  const [status] = (await once(child, "exit")) as [number];
  // 1: it missed an objective, which a kernel alone does here.
  if (status !== 0 && status !== 1) throw new Error(`the rehearsal ended with ${status}`);
  const digest = networkDigest(withDefaults(parseHoldfast(example, textOf(example)).config));
  const keeps = process.getuid?.() === 0 ? "host" : "own";
  const kept = rehearsalDirectories({ keeps, home: "", stateHome: own }).find((each) =>
    existsSync(join(each, `${digest}.json`)),
  );
  if (kept === undefined) throw new Error("the rehearsal was kept nowhere");
  const trend = readRehearsals(kept).filter(({ configuration }) => configuration === digest);
  const to = "/var/lib/holdfast/rehearsals";
  const files = {
    [`${to}/${digest}.json`]: readFileSync(join(kept, `${digest}.json`), "utf8"),
    [`${to}/history.jsonl`]: `${trend.map((each) => JSON.stringify(each)).join("\n")}\n`,
  };
  rmSync(own, { recursive: true, force: true });
  return files;
}

async function put(host: LabHost, path: string, text: string): Promise<void> {
  const write = 'mkdir -p "$1" && echo "$3" | base64 -d >"$1/$2" && chmod -R a+rX /var/lib/holdfast';
  await host.run("sh", "-c", write, "sh", dirname(path), basename(path), Buffer.from(text).toString("base64"));
}

/** A while in the life of a host: calm, a path that dies in silence and comes back, a drill. */
async function live(host: LabHost): Promise<void> {
  await host.run("hostname", "attic");
  await host.run("sh", "-c", `echo ${password} | holdfast dashboard --password operator --role operator`);
  // It was booted long ago: no drill is held so soon after.
  await host.run("sh", "-c", "echo 90000.00 90000.00 >/etc/uptime; mount --bind /etc/uptime /proc/uptime");
  await host.run("systemctl", "start", "holdfast-agent", "holdfast-dashboard", "holdfast-drill-request.socket");
  await atHome(host);
  await sleep(calmMs);
  await host.operate({ op: "node-off", node: "plc-b" });
  await sleep(deadMs);
  await host.operate({ op: "node-on", node: "plc-b" });
  await atHome(host);
  // Where the machine is so crowded that the way back takes longer than a drill waits for, it stops: then once more.
  await host.run("holdfast", "drill").catch(() => atHome(host).then(() => host.run("holdfast", "drill")));
  await atHome(host);
  await sleep(calmMs);
}

/** Waits until traffic is on the preferred port and nothing is missing: two minutes of calm, begun anew by what disturbs it. */
async function atHome(host: LabHost): Promise<void> {
  for (const began = performance.now(); performance.now() - began < patientMs; await sleep(1_000)) {
    const text = await host.run("sh", "-c", "holdfast status --json 2>/dev/null || true");
    const { bond, redundancy } = text.startsWith("{") ? JSON.parse(text) : { bond: null, redundancy: null };
    if (bond?.active === "em1" && redundancy?.usable === 2) return;
  }
  throw new Error("the host doesn't come home");
}

async function take(host: LabHost, browser: Browser, shot: Shot): Promise<Buffer> {
  const { viewport, colorScheme } = shot;
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", bypassCSP: true });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(host.url);
  await page.getByLabel("Name").fill("operator");
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await page.getByText("single points of failure").waitFor();
  await page.locator(".chart").first().waitFor();
  if ("fault" in shot) await look(page, shot.fault);
  const picture = await webpOf(page, await page.screenshot());
  await context.close();
  return picture;
}

async function look(page: Page, fault: string): Promise<void> {
  await page.locator("#fault").selectOption(fault);
  await page.evaluate("scrollTo(0, document.getElementById('picture').offsetTop - 60)");
}

/** The browser's own encoder: a tenth of the PNG. */
async function webpOf(page: Page, png: Buffer): Promise<Buffer> {
  const data = await page.evaluate(
    `(async () => {
      const picture = await createImageBitmap(await (await fetch("data:image/png;base64,${png.toString("base64")}")).blob());
      const canvas = document.createElement("canvas");
      canvas.width = picture.width;
      canvas.height = picture.height;
      canvas.getContext("2d").drawImage(picture, 0, 0);
      return canvas.toDataURL("image/webp", 0.82).split(",")[1];
    })()`,
  );
  return Buffer.from(String(data), "base64");
}

await main();
