import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Tried, tryRecipients } from "../../agent/telling/try-recipients.ts";
import type { NotifyDocument } from "../../api/types.ts";
import { readConfig } from "../../host/linux/read-config.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { progressOn } from "../progress.ts";
import { printDocument, styleFor } from "../style.ts";
import { explainConfig } from "./explain-config.ts";

/** `holdfast notify --test`: one message by every way the configuration names. */
export async function testNotify(
  cli: Cli,
  wish: { readonly config: string; readonly format: "text" | "json" },
): Promise<Exit> {
  const path = resolve(cli.cwd, wish.config);
  const config = await readConfig(path);
  if (!config.ok) return explainConfig(cli, wish.config);
  const configDirectory = dirname(path);
  const progress = progressOn(cli.stderr);
  progress.say("sending a test message to everybody");
  const deps = {
    configDirectory,
    host: hostname(),
    version: cli.version,
    courier: join(cli.home, "dist/mail.js"),
    hooks: join(configDirectory, "hooks.d"),
  };
  const results = await tryRecipients(config.value.sections?.notify ?? {}, deps, Date.now(), cli.signal);
  progress.end();
  if (results.length === 0) {
    return sayUsage(
      cli,
      `${wish.config} names nobody who is told`,
      "Add notify: to it; docs/guide/notify.md shows how.",
    );
  }
  if (wish.format === "json") printDocument(cli, { results } satisfies NotifyDocument);
  else print(cli, results);
  return results.every(({ taken }) => taken) ? "fine" : "findings";
}

function print(cli: Cli, results: readonly Tried[]): void {
  const { paint } = styleFor(cli, cli.stdout);
  const width = Math.max(...results.map(({ name }) => name.length));
  for (const { name, taken, remark, tookMs } of results) {
    const mark = taken ? paint("hint", "✓") : paint("error", "✗");
    const what = taken ? `took it after ${tookMs} ms${remark === "" ? "" : `, but ${remark}`}` : remark;
    cli.stdout.write(`${mark} ${name.padEnd(width)}  ${what}\n`);
  }
}
