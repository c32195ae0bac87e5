import { spawnSync } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chooseEngine } from "../../src/lab/engines.ts";
import { probeEngine } from "../../src/lab/probe.ts";
import { browserMissing, openBrowser } from "../web/browser.ts";
import { type LabHost, openLabHost } from "./dashboard/in-lab.ts";

// A real clock: a browser is another machine, and what it waits for passes at both alike.
const chosen = await chooseEngine("uml");
const probed = chosen.ok ? await probeEngine(chosen.value) : undefined;
const reason = missing();
const isLong = process.env["HOLDFAST_LONG"] === "1";

function missing(): string {
  if (browserMissing !== undefined) return browserMissing;
  if (!chosen.ok) return chosen.error.message;
  if (probed !== undefined) return probed.message;
  const lacking = ["/lib/systemd/systemd", "systemd-sysusers", "nsenter"].filter(
    (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status !== 0,
  );
  return lacking.length === 0 ? "" : `${lacking.join(" and ")} not installed`;
}

const unit = "holdfast-dashboard";
const password = "four words are good";
/** Patience with a crowded machine; nothing here is about speed. */
const patientMs = 60_000;

describe.skipIf(reason !== "")(
  `the dashboard of a host in a lab, in a browser${reason === "" ? "" : ` (skipped: ${reason})`}`,
  { timeout: 180_000 },
  () => {
    let host: LabHost;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      if (!chosen.ok) return;
      [host, browser] = await Promise.all([openLabHost(chosen.value), openBrowser()]);
      await host.run("sh", "-c", `echo ${password} | holdfast dashboard --password eva --role operator`);
      await host.run("systemctl", "start", "holdfast-agent", unit, "holdfast-drill-request.socket");
      await until(host, async () => (await fetch(host.url).catch(() => undefined))?.ok === true);
      page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
      page.setDefaultTimeout(patientMs);
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(host.url);
      await page.getByLabel("Name").fill("eva");
      await page.getByLabel("Password").fill(password);
      await page.keyboard.press("Enter");
      await headline("em1 carries traffic, wlan0 stands by");
    }, 240_000);
    afterEach(() => expect(complaints.splice(0)).toEqual([]));
    afterAll(async () => {
      await browser?.close();
      await host?.close();
    });

    const headline = (text: string) => page.getByRole("heading", { level: 1, name: text }).waitFor();
    const dialog = () => page.getByRole("dialog");

    async function order(button: string, yes: string): Promise<void> {
      await page.getByRole("button", { name: button }).click();
      await dialog().getByRole("button", { name: yes }).click();
      await dialog().waitFor({ state: "hidden" });
    }

    test("its unit runs as nobody in particular; sockets and passwords are for those they are for", async () => {
      const pid = await host.run("systemctl", "show", unit, "--property=MainPID", "--value");
      const status = await host.run("cat", `/proc/${pid}/status`);
      const of = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, "m").exec(status)?.[1] ?? "";
      const [uid = "", group = ""] = (await host.run("sh", "-c", `id -u ${unit}; id -g ${unit}`)).split("\n");
      expect(of("Uid").split("\t")).toEqual([uid, uid, uid, uid]);
      // Whom the socket for drills is for.
      expect(of("Groups").split(" ")).toContain(group);
      expect([of("CapEff"), of("CapBnd"), of("NoNewPrivs"), of("Seccomp")]).toEqual([
        "0".repeat(16),
        "0".repeat(16),
        "1",
        "2",
      ]);
      const paths = ["/etc/holdfast/dashboard.passwords", "/run/holdfast-drill/request.sock"];
      expect((await host.run("stat", "-c", "%a %U %G", ...paths)).split("\n")).toEqual([
        "600 holdfast-dashboard holdfast-dashboard",
        "660 root holdfast-dashboard",
      ]);
      expect(await host.run("journalctl", "--no-pager", "--output=cat", "-u", unit)).toContain(
        "eva (operator) logged in from 127.0.0.1",
      );
    });

    test("a path that dies under a carrier that stays is seen as it happens: the move, why, what it cost, the return", async () => {
      await host.operate({ op: "node-off", node: "plc-b" });
      await headline("wlan0 carries traffic in place of em1, alone");
      await page.locator(".port-chip.dead", { hasText: "carrier, no path" }).waitFor();
      await page.getByText("No: em1").waitFor();
      const trouble = page.locator(".troubles li").first();
      await trouble.getByText("nothing answers through em1 although its carrier is up").waitFor();
      await host.operate({ op: "node-on", node: "plc-b" });
      // Home again only when em1 has been calm for a while: until then it stands by.
      await headline("wlan0 carries traffic in place of em1, em1 stands by");
      await page.getByText("Yes: em1").waitFor();
      await trouble.locator("summary").click();
      await trouble.getByText(/^Traffic moved from em1 to wlan0, \d+ ms after the first sign/).waitFor();
      await trouble.locator(".cost", { hasText: /^\d+ ms$/ }).waitFor();
      await page.getByText("All events").click();
      await page.getByText(/answers in a row over/).waitFor();
    });

    test("an operator pins, lets go, drains and undrains, and the kernel has it so", async () => {
      const active = () => host.run("cat", "/sys/class/net/bond0/bonding/active_slave");
      await order("Pin em1", "Pin to em1");
      await headline("em1 carries traffic, wlan0 stands by");
      expect(await active()).toBe("em1");
      await order("Unpin", "Let it choose");
      await order("Drain em1", "Drain em1");
      await headline("wlan0 carries traffic in place of em1, em1 stands by");
      expect(await active()).toBe("wlan0");
      await order("Undrain em1", "Undrain em1");
      await page.getByRole("button", { name: /^Drain em1/ }).waitFor();
      const said = await host.run("journalctl", "--no-pager", "--output=cat", "-u", unit);
      expect(said.split("\n").filter((line) => line.startsWith("eva from"))).toEqual(
        ["pin em1", "auto", "drain em1", "undrain em1"].map((what) => `eva from 127.0.0.1: ${what}`),
      );
    });

    test.skipIf(!isLong)(
      "a drill is started by a click; refused where the host must not be cut, seen while it runs, kept",
      async () => {
        await page.getByRole("button", { name: "Start a drill" }).click();
        await dialog().getByRole("button", { name: "Cut the links now" }).click();
        await dialog().getByRole("alert").filter({ hasText: "this host was booted" }).waitFor();
        await page.keyboard.press("Escape");
        // A host that has been up for long.
        await host.run("sh", "-c", "echo 5000.00 9000.00 >/etc/uptime; mount --bind /etc/uptime /proc/uptime");
        await order("Start a drill", "Cut the links now");
        await page.getByText("A drill is running.").waitFor();
        const last = page.getByRole("article", { name: "The last drill" });
        await last.getByText(/^(Held|Missed)$/).waitFor({ timeout: 120_000 });
        const cuts = await last.getByRole("rowheader").allTextContents();
        const each = ["em1", "wlan0"].flatMap((port) => [`${port} without carrier`, `${port} silent, carrier up`]);
        expect(cuts.toSorted()).toEqual(each.toSorted());
      },
    );
  },
);

async function until(host: LabHost, isSo: () => Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await isSo())) {
    if (performance.now() - began > patientMs) {
      throw new Error(`the page was never served\n${await host.run("journalctl", "--no-pager", "--output=cat")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
