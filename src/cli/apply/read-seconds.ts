import { parseDuration } from "../../config/duration.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";

/** Shorter, and nobody can log in again and confirm. */
const SHORTEST = 30;
/** Longer, and a host stays unreachable for longer than anybody waits. */
const LONGEST = 24 * 3600;
export const USUAL_SECONDS = 120;

/** "120s", "5m", or plain seconds; an exit where it is no time, or one that makes no sense. */
export function readSeconds(cli: Cli, text: string | undefined): number | Exit {
  if (text === undefined) return USUAL_SECONDS;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  if (ms === undefined) return sayUsage(cli, `"${text}" is no time`, "Write 120s, 5m or 1h.");
  const seconds = ms / 1000;
  if (seconds < SHORTEST) return sayUsage(cli, `${text} is too short to log in again`, `Give it ${SHORTEST}s or more.`);
  if (seconds > LONGEST) return sayUsage(cli, `${text} is too long`, "Give it a day at most.");
  return seconds;
}
