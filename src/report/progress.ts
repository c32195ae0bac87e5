import type { TextStyle } from "../diagnostic/text-style.ts";
import { columnsOf, visible } from "../diagnostic/visible.ts";
import { count, sayMs } from "./words.ts";

/** What a rehearsal is doing now, as the shell learns it from the lab. */
export type Progress =
  | { readonly phase: "boot"; readonly engine: string; readonly labs: number }
  | { readonly phase: "bring-up"; readonly manager: string }
  | { readonly phase: "drill"; readonly fault: string; readonly done: number; readonly total: number }
  | { readonly phase: "report" };

const barWidth = 16;

/** One line that says what happens now, no wider than `style.columns`, without a line break: the caller overwrites it.
 *  `elapsedMs` is real time since the start. */
export function renderProgress(progress: Progress, elapsedMs: number, style: TextStyle): string {
  const tail = elapsedMs < 1000 ? "" : `  ${sayMs(Math.floor(elapsedMs / 1000) * 1000)}`;
  const head = progress.phase === "drill" ? `${bar(progress.done, progress.total)} ` : "";
  const room = style.columns - columnsOf(head) - columnsOf(tail) - 1;
  return `${style.paint("hint", head)}${cut(sayProgress(progress), room)}${style.paint("faint", tail)}`;
}

function sayProgress(progress: Progress): string {
  switch (progress.phase) {
    case "boot":
      return progress.labs > 1
        ? `booting ${count(progress.labs, "lab")} (${progress.engine})`
        : `booting the lab (${progress.engine})`;
    case "bring-up":
      return `${progress.manager} brings the network up`;
    case "drill":
      return `${progress.done}/${progress.total}  ${progress.fault}`;
    case "report":
      return "writing the report";
  }
}

function bar(done: number, total: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const filled = Math.round(share * barWidth);
  return `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`;
}

function cut(text: string, columns: number): string {
  const safe = visible(text);
  if (columnsOf(safe) <= columns) return safe;
  let result = "";
  for (const char of safe) {
    if (columnsOf(result + char) > columns - 1) break;
    result += char;
  }
  return `${result}…`;
}
