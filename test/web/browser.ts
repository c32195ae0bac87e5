import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const known = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
];

/** The browser's program: HOLDFAST_CHROMIUM, or where distributions put it. */
const program = [process.env["HOLDFAST_CHROMIUM"] ?? "", ...known].find((path) => path !== "" && existsSync(path));

/** Why there is no browser; undefined: there is one. */
export const browserMissing =
  program === undefined ? "no Chromium here (apt-get install chromium, or HOLDFAST_CHROMIUM=PATH)" : undefined;

/** Starts Chromium without a window. Its own sandbox needs namespaces that containers and root don't have: it opens nothing but this page. */
export function openBrowser(): Promise<Browser> {
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-component-update",
  ];
  return chromium.launch({ ...(program === undefined ? {} : { executablePath: program }), args });
}
