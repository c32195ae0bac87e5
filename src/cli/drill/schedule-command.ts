import { existsSync } from "node:fs";
import { join } from "node:path";
import { endSchedule, keeperHere, putSchedule } from "../../drill/put-schedule.ts";
import { isQuiet, parseMinute, parseQuiet, plainWords, type Schedule } from "../../drill/schedule.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";

export interface ScheduleWish {
  readonly every: Schedule["every"];
  /** "04:10" */
  readonly at: string | undefined;
  /** "07:00-23:00" */
  readonly quiet: string | undefined;
  /** The drill's own flags, as typed. */
  readonly words: readonly string[];
}

const atByDefault = "04:10";

/** `holdfast drill --schedule`: writes the timer and starts it. */
export async function scheduleCommand(cli: Cli, wish: ScheduleWish): Promise<Exit> {
  const atMinute = parseMinute(wish.at ?? atByDefault);
  if (atMinute === undefined) return sayUsage(cli, `"${wish.at}" is no time of day`, "Write it as --at 04:10.");
  const quiet = wish.quiet === undefined ? undefined : parseQuiet(wish.quiet);
  if (wish.quiet !== undefined && quiet === undefined) return sayNoHours(cli, wish.quiet);
  if (quiet !== undefined && isQuiet(quiet, atMinute)) {
    return sayUsage(cli, `${wish.at ?? atByDefault} is within the quiet hours`, "Choose another time with --at.");
  }
  const program = existsSync("/usr/bin/holdfast") ? "/usr/bin/holdfast" : join(cli.home, "bin/holdfast");
  const hours = wish.quiet === undefined ? [] : ["--quiet", wish.quiet.replaceAll(" ", "").replace("–", "-")];
  const words = plainWords([program, "drill", ...wish.words, ...hours]);
  if (!words.ok)
    return sayUsage(cli, `"${words.error}" can't stand in a timer`, "Write a script that calls the drill.");
  const put = await putSchedule({ root: "/", keeper: keeperHere() }, { every: wish.every, atMinute }, words.value);
  if (!put.ok) return sayUsage(cli, `no schedule: ${put.error}`, "Run it as root.");
  cli.stdout.write(`drills ${wish.every} at ${wish.at ?? atByDefault}: ${put.value.join(", ")}\n`);
  return "fine";
}

/** `holdfast drill --unschedule` */
export async function unscheduleCommand(cli: Cli): Promise<Exit> {
  const wasThere = await endSchedule({ root: "/", keeper: keeperHere() });
  cli.stdout.write(wasThere ? "this host drills itself no more\n" : "there was no schedule\n");
  return "fine";
}

/** Why a drill must not begin now; undefined: it may. */
export function quietNow(cli: Cli, hours: string, now: Date): Exit | undefined {
  const quiet = parseQuiet(hours);
  if (quiet === undefined) return sayNoHours(cli, hours);
  if (!isQuiet(quiet, now.getHours() * 60 + now.getMinutes())) return undefined;
  cli.stderr.write(`holdfast: no drill: the hours are quiet (${hours})\n  Leave out --quiet to drill all the same.\n`);
  return "refused";
}

function sayNoHours(cli: Cli, text: string): Exit {
  return sayUsage(cli, `"${text}" are no hours`, "Write them as --quiet 07:00-23:00.");
}
