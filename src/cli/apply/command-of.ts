import { visible } from "../../diagnostic/visible.ts";
import type { Step } from "../../plan/change.ts";
import { shellWord } from "../../plan/shell-quote.ts";

/** A step's command as it could be typed. */
export function commandOf({ argv, stdin }: Pick<Step, "argv" | "stdin">): string {
  return `${visible(argv.map(shellWord).join(" "))}${stdin === undefined ? "" : " <<…"}`;
}
