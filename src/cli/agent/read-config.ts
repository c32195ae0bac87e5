import { parseHoldfast } from "../../config/parse-holdfast.ts";
import { readText } from "../../host/linux/read-files.ts";
import type { Config } from "../../model/config.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { asShown } from "../shown.ts";
import { readSubject } from "../subject.ts";

/** The configuration at an absolute path, if it has no errors; else the first of them. */
export async function readConfig(path: string): Promise<Result<Config, string>> {
  const read = await readText(path);
  if (typeof read === "string") return failed(`it can't be read: ${read}`);
  const { config, diagnostics } = parseHoldfast(path, read.text);
  const first = diagnostics.find(({ severity }) => severity === "error");
  return first === undefined ? ok(config) : failed(first.message);
}

/** Says what is wrong with the file, as `check` would. */
export async function explainConfig(cli: Cli, path: string): Promise<Exit> {
  const subject = await readSubject(path, cli.cwd);
  const texts = [...subject.files];
  const problems = texts.flatMap(([name, text]) => parseHoldfast(name, text).diagnostics);
  const shown = asShown(subject, subject.isUnread ? [] : problems);
  // With it come all the rules, which a file without mistakes has no need of.
  const { printReport } = await import("../print-report.ts");
  await printReport(cli, { ...shown, understood: [], unread: [path] }, "text");
  return "usage";
}
