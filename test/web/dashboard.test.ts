import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { root } from "../house/source.ts";
import { browserMissing, openBrowser } from "./browser.ts";
import { openStand, passwords, type Stand } from "./stand.ts";

type StorageState = Awaited<ReturnType<BrowserContext["storageState"]>>;

const page_ = join(root, "dist/web");

test("the whole page is at most 60 KB, compressed, and names nothing outside", () => {
  const files = readdirSync(page_).filter((name) => !/\.(br|gz)$/.test(name));
  const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(page_, name)), { level: 9 }).length, 0);
  expect(bytes).toBeLessThanOrEqual(60 * 1024);
  const outside = files.flatMap((name) => readFileSync(join(page_, name), "utf8").match(/https?:\/\/[\w.-]+/g) ?? []);
  // Names of languages, not of places.
  expect(outside.filter((url) => !url.endsWith("//www.w3.org"))).toEqual([]);
});

describe.skipIf(browserMissing !== undefined)(
  `the dashboard in a browser${browserMissing ? `: ${browserMissing}` : ""}`,
  () => {
    let browser: Browser;
    let stand: Stand;
    const contexts: BrowserContext[] = [];
    /** What the browser complained of, and where else it wanted to go. */
    const complaints: string[] = [];
    const logins = new Map<string, StorageState>();

    beforeAll(async () => {
      [browser, stand] = await Promise.all([openBrowser(), openStand()]);
    });
    afterAll(async () => {
      await browser?.close();
      await stand?.close();
    });
    afterEach(async () => {
      for (const context of contexts.splice(0)) await context.close();
      expect(complaints.splice(0)).toEqual([]);
    });

    async function open(options: BrowserContextOptions = {}, at: Stand = stand): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        reducedMotion: "reduce",
        ...options,
      });
      contexts.push(context);
      // A crowded machine is slow, and nothing here is about speed.
      context.setDefaultTimeout(30_000);
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (said) => {
        if (said.type() === "error" && !/Failed to load resource|ERR_/.test(said.text())) complaints.push(said.text());
      });
      page.on("request", (request) => {
        if (!request.url().startsWith(at.url)) complaints.push(`asked ${request.url()}`);
      });
      await page.goto(at.url);
      return page;
    }

    async function enter(
      role: "operator" | "viewer",
      options: BrowserContextOptions = {},
      at: Stand = stand,
    ): Promise<Page> {
      const known = at === stand ? logins.get(role) : undefined;
      const page = await open({ ...options, ...(known === undefined ? {} : { storageState: known }) }, at);
      if (known === undefined) {
        await page.getByLabel("Name").fill(role);
        await page.getByLabel("Password").fill(passwords[role]);
        await page.getByRole("button", { name: "Log in" }).click();
      }
      await page.getByText("Am I on the right link?").waitFor();
      // A login costs a tenth of a second of processor time on purpose: once a role is enough.
      if (at === stand) logins.set(role, await page.context().storageState());
      return page;
    }

    const headline = (page: Page) => page.getByRole("heading", { level: 1 });

    test("lets nobody in without the password, and says so", async () => {
      const page = await open();
      await page.getByLabel("Name").fill("operator");
      await page.getByLabel("Password").fill("not the password");
      await page.keyboard.press("Enter");
      await page.getByRole("alert").filter({ hasText: "The name or the password is wrong." }).waitFor();
      expect(await page.getByText("em1").count()).toBe(0);
    });

    test("answers the four questions at a glance, with the picture, charts, history, proofs and audit below", async () => {
      const page = await enter("operator");
      expect(await headline(page).textContent()).toBe("em1 carries traffic, wlan0 stands by");
      const glance = page.locator(".answers");
      await glance.getByText("1 trouble, 84 ms lost").waitFor();
      await glance.getByText("The line of router to the Internet and router").waitFor();
      expect(await glance.textContent()).toMatch(/Yes: em1[\s\S]*Yes: wlan0[\s\S]*a drill proved it 12 days ago/);
      await page.getByRole("button", { name: /^plc-a/ }).waitFor();
      await page
        .getByRole("img", { name: /^em1 to 192\.168\.1\.254, .* probes? lost; traffic moved to wlan0/ })
        .waitFor();
      await page.getByText("Troubles, the latest first").waitFor();
      await page.getByRole("img", { name: /^99\.999\d? % over \d+ days: / }).waitFor();
      await page.getByText("4 cuts, the longest outage").waitFor();
      await page.getByText("2 single points of failure").waitFor();
      await page.getByText("All events").click();
      await page.getByText("3 probes in a row unanswered").first().waitFor();
    });

    test("paints at once from a cold cache", async () => {
      const page = await open();
      await page.getByLabel("Name").waitFor();
      const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
      // Some 80 ms where nothing else runs; this machine may be busy with anything.
      expect(paint).toBeLessThan(5_000);
    });

    test("changes as things happen, without being asked, and tells who can't see it", async () => {
      const page = await enter("viewer");
      const onWifi = {
        name: "bond0",
        mode: "active-backup",
        carrier: true,
        active: "wlan0",
        primary: "em1",
        miimon: 100,
        arpInterval: 0,
        addresses: [],
      };
      const port = {
        medium: "wired",
        present: true,
        drained: false,
        metered: false,
        speedMbps: null,
        failures: 1,
      } as const;
      const calm = {
        bond: { ...onWifi, active: "em1" },
        ports: [
          { ...port, name: "em1", carrier: true, active: true, usable: true, note: "" },
          { ...port, name: "wlan0", carrier: true, active: false, usable: true, note: "" },
        ],
      };
      stand.status({
        bond: onWifi,
        ports: [
          { ...port, name: "em1", carrier: false, active: false, usable: false, note: "no carrier" },
          { ...port, name: "wlan0", carrier: true, active: true, usable: true, note: "" },
        ],
      });
      stand.happen({ what: "outage-begins", cause: "carrier-lost", since: Date.now(), extent: "port", evidence: "" });
      stand.happen({ what: "outage-ends", lastedMs: 12, cause: "carrier-lost" });
      await page.getByRole("heading", { name: "wlan0 carries traffic in place of em1, alone" }).waitFor();
      await page.getByText("No: on wlan0").waitFor();
      await page.locator(".port-chip.dead", { hasText: "no carrier" }).waitFor();
      expect(await page.getByRole("status").first().textContent()).not.toBe("");
      stand.status(calm);
      await page.getByRole("heading", { name: "em1 carries traffic, wlan0 stands by" }).waitFor();
    });

    test("says that a drill runs, and no more when it has ended, whoever began it", async () => {
      const page = await enter("viewer");
      const last = page.getByRole("article", { name: "The last drill" });
      await last.getByText("sudo holdfast drill").waitFor();
      stand.happen({ what: "drill-begins", cuts: 4 });
      await last.getByText("A drill is running.").waitFor();
      stand.happen({ what: "drilled", verdict: "held", outageMs: 84, cut: "carrier-em1" });
      await last.getByText("A drill is running.").waitFor({ state: "detached" });
    });

    test("says what would happen if a device failed: by keyboard, from what was rehearsed", async () => {
      const page = await enter("viewer");
      const device = page.getByRole("button", { name: /^plc-b powerline/ });
      await device.waitFor();
      await page.locator("#fault option").nth(3).waitFor({ state: "attached" });
      await device.focus();
      await page.keyboard.press("Enter");
      const outcome = page.locator(".outcome");
      await outcome.getByText(/The host stays reachable, after \d+ ms/).waitFor();
      await outcome.getByText("With the agent").waitFor();
      expect(await device.getAttribute("aria-pressed")).toBe("true");
      await page.locator(".port-chip.on", { hasText: "takes over" }).waitFor();
      await page.getByLabel("What would happen if…").selectOption("off-router");
      await outcome.getByText("The host is cut off: no way is left.").waitFor();
      await page.getByRole("button", { name: "show it as it is" }).click();
      await page.locator(".port-chip.on", { hasText: "active" }).waitFor();
    });

    test("asks before it orders, and says what will happen; a viewer can't order at all", async () => {
      const viewer = await enter("viewer");
      expect(await viewer.getByRole("button", { name: /^(Pin|Drain)/ }).count()).toBe(0);
      const page = await enter("operator");
      const before = stand.orders.length;
      await page.getByRole("button", { name: "Pin wlan0" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Traffic moves from em1 to wlan0 at once.").waitFor();
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      expect(stand.orders).toHaveLength(before);
      await page.getByRole("button", { name: "Drain em1" }).click();
      await dialog.getByRole("button", { name: "Drain em1" }).click();
      await dialog.waitFor({ state: "hidden" });
      expect(stand.orders.slice(before)).toEqual([{ type: "drain", port: "em1" }]);
      await page.getByText("sudo holdfast drill").waitFor();
    });

    test("an order that follows another at once is asked for, too", async () => {
      const page = await enter("operator");
      const dialog = page.getByRole("dialog");
      await page.getByRole("button", { name: "Pin wlan0" }).click();
      await dialog.getByText("Pin traffic to wlan0?").waitFor();
      // As soon as the dialog is gone, and before the browser has said so: its event comes with the next frame.
      await page.evaluate(`new MutationObserver(() => {
        const [drain] = [...document.querySelectorAll("button")].filter(({ textContent }) => textContent.startsWith("Drain em1"));
        if (!document.querySelector("dialog").open) drain.click();
      }).observe(document.querySelector("dialog"), { attributeFilter: ["open"] })`);
      await dialog.getByRole("button", { name: "Leave it as it is" }).click();
      await dialog.getByText("Take traffic off em1?").waitFor();
    });

    test("keeps the focus and what was opened while the stream goes on", async () => {
      const page = await enter("operator");
      const button = page.getByRole("button", { name: "Pin wlan0" });
      await button.focus();
      await page.getByText("As a table").click();
      await button.focus();
      for (const rttMs of [3, 4, 5]) {
        stand.status({
          paths: [{ port: "em1", target: "192.168.1.254", state: "alive", rttMs, loss: 0, answeredAgoMs: 10 }],
        });
        await page
          .locator(".path", { hasText: `${rttMs} ms` })
          .first()
          .waitFor();
      }
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Pin wlan0…");
      expect(await page.getByRole("columnheader", { name: "One port short" }).isVisible()).toBe(true);
    });

    describe("says when what it shows is doubtful", () => {
      let own: Stand;
      beforeAll(async () => {
        own = await openStand({ isNew: true });
      });
      afterAll(() => own?.close());

      test("a host of which nothing is known yet", async () => {
        const page = await enter("operator", {}, own);
        await page
          .getByText("No trouble is known.")
          .or(page.getByText("Nothing has been watched yet."))
          .first()
          .waitFor();
        await page.getByText("nothing has proved on this host itself").waitFor();
        await page.getByText("Nothing was rehearsed yet.").waitFor();
      });

      test("an agent that died, and its return", async () => {
        const page = await enter("viewer", {}, own);
        await own.agentGone();
        await page.getByRole("alert").filter({ hasText: "The agent doesn’t answer" }).waitFor();
        await own.agentBack();
        await page.getByRole("alert").filter({ hasText: "The agent doesn’t answer" }).waitFor({ state: "detached" });
      });

      test("a server that is gone; back again it wants the login, for it keeps none", async () => {
        const page = await enter("viewer", {}, own);
        await own.serverGone();
        await page
          .getByText("The host doesn’t answer. What you see is how it was")
          .or(page.getByLabel("Password"))
          .first()
          .waitFor();
        await own.serverBack();
        await page.getByLabel("Password").waitFor();
      });
    });

    describe("for everybody", () => {
      const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
      const ways: readonly (readonly [string, BrowserContextOptions])[] = [
        ["light", { colorScheme: "light" }],
        ["dark", { colorScheme: "dark" }],
        ["on a phone", { viewport: { width: 360, height: 740 }, colorScheme: "light" }],
      ];

      test.each(ways)("%s: axe finds nothing, and nothing is wider than the screen", async (_, options) => {
        // axe is brought in from outside, which the page's own policy forbids.
        const page = await enter("operator", { ...options, bypassCSP: true });
        await page.getByText("single points of failure").waitFor();
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        await page.evaluate(axe);
        expect(await violations(page)).toEqual([]);
        await page.getByRole("button", { name: "Pin wlan0" }).click();
        expect(await violations(page)).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      });

      test("nothing moves where motion isn't wanted", async () => {
        const page = await enter("viewer");
        await page.locator(".picture").waitFor();
        expect(await page.evaluate("document.getAnimations().length")).toBe(0);
      });
    });
  },
);

async function violations(page: Page): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(
    "axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))",
  );
  return found as readonly string[];
}
