import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../test/house/source.ts";
import { browserMissing, openBrowser } from "../test/web/browser.ts";
import { openStand, passwords } from "../test/web/stand.ts";

/** Takes the guide's pictures of the dashboard: the page as built, served by the real server, in Chromium. */

const wide = { viewport: { width: 1200, height: 1180 } };
const shots = [
  { name: "dashboard-light", colorScheme: "light", ...wide },
  { name: "dashboard-dark", colorScheme: "dark", ...wide },
  { name: "dashboard-what-if", colorScheme: "light", viewport: { width: 1200, height: 760 }, fault: "off-plc-b" },
  { name: "dashboard-phone", colorScheme: "light", viewport: { width: 360, height: 1180 } },
] as const;

async function main(): Promise<void> {
  if (browserMissing !== undefined) throw new Error(browserMissing);
  const directory = join(root, "docs/guide/pictures");
  mkdirSync(directory, { recursive: true });
  const [stand, browser] = await Promise.all([openStand(), openBrowser()]);
  for (const shot of shots) {
    const { viewport, colorScheme } = shot;
    const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", bypassCSP: true });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    await page.goto(stand.url);
    await page.getByLabel("Name").fill("operator");
    await page.getByLabel("Password").fill(passwords.operator);
    await page.keyboard.press("Enter");
    await page.getByText("single points of failure").waitFor();
    await page.locator(".chart").first().waitFor();
    if ("fault" in shot) await look(page, shot.fault);
    const png = await page.screenshot();
    writeFileSync(join(directory, `${shot.name}.webp`), await webpOf(page, png));
    await context.close();
  }
  await browser.close();
  await stand.close();
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
