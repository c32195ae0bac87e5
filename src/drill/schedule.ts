import { failed, ok, type Result } from "../model/result.ts";
import { shellWord } from "../plan/shell-quote.ts";

/** When a host drills itself. */
export interface Schedule {
  readonly every: "daily" | "weekly" | "monthly";
  /** Minutes after midnight, local time. */
  readonly atMinute: number;
}

/** Hours in which nothing is to be cut: from, until, in minutes after midnight; across midnight where `until` is the smaller. */
export interface QuietHours {
  readonly from: number;
  readonly until: number;
}

const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/;

/** "04:10" as minutes after midnight; undefined: it is no time of day. */
export function parseMinute(text: string): number | undefined {
  const found = clock.exec(text);
  return found === null ? undefined : Number(found[1]) * 60 + Number(found[2]);
}

/** "07:00-23:00"; undefined: these are no hours. */
export function parseQuiet(text: string): QuietHours | undefined {
  const [from, until, ...rest] = text.split(/[-–]/).map((part) => parseMinute(part.trim()));
  return from === undefined || until === undefined || rest.length > 0 || from === until ? undefined : { from, until };
}

export function isQuiet({ from, until }: QuietHours, minute: number): boolean {
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

/** The file names a schedule has, by who keeps it. */
export const scheduleFiles = {
  service: "/etc/systemd/system/holdfast-drill.service",
  timer: "/etc/systemd/system/holdfast-drill.timer",
  cron: "/etc/cron.d/holdfast-drill",
} as const;

/** A unit of systemd and its timer, by path. `words`: the command with all its arguments. */
export function systemdFiles(schedule: Schedule, words: readonly string[]): ReadonlyMap<string, string> {
  const service = `# Written by holdfast drill --schedule; holdfast drill --unschedule takes it away.
[Unit]
Description=Drill of this host's failover
After=holdfast-agent.service

[Service]
Type=oneshot
ExecStart=${words.join(" ")}
# 3: not now, for redundancy isn't full or the hours are quiet. 1: an objective was missed, and the unit is failed.
SuccessExitStatus=3
TimeoutStartSec=15min
`;
  const timer = `# Written by holdfast drill --schedule; holdfast drill --unschedule takes it away.
[Unit]
Description=Drill of this host's failover, ${schedule.every}

[Timer]
OnCalendar=${calendar(schedule)}
AccuracySec=30s
# Not made up for after a boot: that is a moment of its own.
Persistent=false

[Install]
WantedBy=timers.target
`;
  return new Map([
    [scheduleFiles.service, service],
    [scheduleFiles.timer, timer],
  ]);
}

/** A line of cron's, by path. */
export function cronFile({ every, atMinute }: Schedule, words: readonly string[]): ReadonlyMap<string, string> {
  const day = { daily: "* * *", weekly: "* * 0", monthly: "1 * *" }[every];
  const when = `${atMinute % 60} ${Math.floor(atMinute / 60)} ${day}`;
  const path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const note = "# Written by holdfast drill --schedule; holdfast drill --unschedule takes it away.";
  return new Map([[scheduleFiles.cron, `${note}\n${path}\n${when} root ${words.map(shellWord).join(" ")}\n`]]);
}

function calendar({ every, atMinute }: Schedule): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = `${two(Math.floor(atMinute / 60))}:${two(atMinute % 60)}:00`;
  return { daily: `*-*-* ${time}`, weekly: `Sun *-*-* ${time}`, monthly: `*-*-01 ${time}` }[every];
}

/** Words that need no quoting by anybody: others are refused before. */
const plain = /^[\w@+=:,./[\]-]+$/;

/** Are all words such as systemd, cron and a shell take for nothing but themselves? The error is the first that isn't. */
export function plainWords(words: readonly string[]): Result<readonly string[], string> {
  const odd = words.find((word) => !plain.test(word));
  return odd === undefined ? ok(words) : failed(odd);
}
