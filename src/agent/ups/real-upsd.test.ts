import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Kept, UpsSaid } from "../../watch/chronicle.ts";
import { upsClient } from "./ask-ups.ts";
import { upsStatus, watchUps } from "./watch-ups.ts";

/** Debian's upsd in PATH is a script that asks /etc/nut whether it may. */
const found = ["/lib/nut", "/usr/lib/nut", "/usr/libexec/nut", "/usr/lib/ups"].find(
  (directory) => existsSync(join(directory, "upsd")) && existsSync(join(directory, "dummy-ups")),
);
const why = found === undefined ? " (skipped: no upsd and dummy-ups here; Debian's package is nut-server)" : "";

/** The first article's night: 60 V for three hours, half an hour a second. The UPS carries the load, and its battery sinks. */
const brownout = `ups.status: OL
battery.charge: 100
battery.runtime: 2400
input.voltage: 230
TIMER 5
ups.status: OB DISCHRG
input.voltage: 60
battery.charge: 83
battery.runtime: 2040
TIMER 2
battery.charge: 40
battery.runtime: 900
TIMER 2
ups.status: OB DISCHRG LB
battery.charge: 9
battery.runtime: 120
TIMER 2
ups.status: OL CHRG
input.voltage: 228
battery.charge: 12
TIMER 3600
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe.skipIf(found === undefined)(`a real upsd${why}`, () => {
  const scratch = mkdtempSync(join(tmpdir(), "holdfast-nut-"));
  const children: ChildProcess[] = [];
  let port = 0;
  let driver: ChildProcess | undefined;
  const run = (program: string, ...args: readonly string[]): ChildProcess => {
    const env = { PATH: "/usr/bin:/bin", NUT_CONFPATH: scratch, NUT_STATEPATH: scratch, NUT_ALTPIDPATH: scratch };
    const asRoot = process.getuid?.() === 0 ? ["-u", "root"] : [];
    const child = spawn(join(found ?? "", program), [...args, ...asRoot], { env, stdio: "ignore" });
    children.push(child);
    return child;
  };

  beforeAll(async () => {
    port = await freePort();
    const keep = (name: string, text: string) => writeFileSync(join(scratch, name), text, { mode: 0o640 });
    keep("ups.conf", "pollinterval = 1\n[apc]\ndriver = dummy-ups\nport = night.seq\nmode = dummy-loop\n");
    keep("night.seq", brownout);
    keep("upsd.conf", `LISTEN 127.0.0.1 ${port}\n`);
    keep("upsd.users", "");
    driver = run("dummy-ups", "-a", "apc", "-D");
    run("upsd", "-D");
  });
  afterAll(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(scratch, { recursive: true, force: true });
  });

  it("plays the brownout: the mains gone, the battery sinking and nearly empty, the mains back", async () => {
    const told: UpsSaid[] = [];
    const shown: string[] = [];
    await new Promise<void>((done) => {
      const watch = watchUps({
        now: () => performance.now(),
        pace: { every: 100, most: 200 },
        record(event: Kept) {
          if (event.what !== "ups") return;
          told.push(event);
          const ups = watch.now();
          if (ups !== undefined) shown.push(upsStatus(ups, (at) => at).state);
          if (event.change !== "back") return;
          watch.stop();
          done();
        },
      });
      watch.follow({ name: "ups", nut: { ups: "apc", host: "127.0.0.1", port }, dark: ["eth0"] });
    });
    expect(told.map(({ change }) => change)).toEqual(["on-battery", "low-battery", "back"]);
    expect(shown).toEqual(["battery", "low", "mains"]);
    const [out, low, back] = told;
    // The driver hands over one line of its file after the other: which charge came with the status is its own affair.
    expect(out).toMatchObject({ ups: "ups", ports: ["eth0"] });
    expect(low?.chargePercent).toBeLessThanOrEqual(40);
    expect(back?.lastedMs).toBeGreaterThan(3_000);
  }, 90_000);

  it("has its own words for a UPS it doesn't know, and for one whose driver died", async () => {
    const stranger = upsClient({ ups: "nobody", host: "127.0.0.1", port });
    expect(await stranger.ask()).toEqual({ ok: false, error: "UNKNOWN-UPS" });
    stranger.close();
    const gone = new Promise((done) => driver?.once("exit", done));
    driver?.kill("SIGKILL");
    await gone;
    const client = upsClient({ ups: "apc", host: "127.0.0.1", port });
    let answer = await client.ask();
    while (answer.ok) answer = await client.ask();
    expect(answer.error).toMatch(/^(DRIVER-NOT-CONNECTED|DATA-STALE)$/);
    client.close();
  }, 60_000);
});
