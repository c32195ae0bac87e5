import { parseHoldfast } from "../../config/parse-holdfast.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { asShown } from "../shown.ts";
import { readSubject } from "../subject.ts";

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
