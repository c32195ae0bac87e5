import { command, jsonFlag, sayUsage, socketFlag } from "../command.ts";

/** Without --since and --limit: as many as fit on a screen or two. */
const usualLimit = 50;

export const events = command({
  name: "events",
  about: "List what happened: failovers, outages, lost redundancy, each with cause and evidence",
  operands: { count: "any", value: "FILE", about: "Kernel logs to read with --kernel-log; - is standard input" },
  flags: {
    since: { kind: "text", value: "WHEN", about: "From when on: 2h, 3d, today, 14:30, 2025-11-03, 2025-11-03 14:30" },
    limit: { kind: "count", value: "N", about: "At most so many, the latest" },
    follow: { kind: "switch", about: "Go on with what happens, until Ctrl-C" },
    "kernel-log": { kind: "switch", about: "What the kernel's own log tells of a bond, from before Holdfast too" },
    bond: { kind: "text", value: "NAME", about: "With --kernel-log: which bond, if not the one it tells most of" },
    journal: { kind: "text", value: "DIR", about: "Read this directory of events, and ask no agent" },
    socket: socketFlag,
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast events --since 2h", about: "The last two hours" },
    { line: "holdfast events --follow --json", about: "One JSON document a line, as it happens" },
    { line: "holdfast events --kernel-log /var/log/kern.log", about: "What a log of any driver version tells" },
  ],
  async run(cli, { operands, flags }) {
    if (operands.length > 0 && !flags["kernel-log"]) {
      return sayUsage(cli, `${operands[0]} is a FILE, and only kernel logs are read from files`, "Add --kernel-log.");
    }
    const { readMoment } = await import("../watch/local-calendar.ts");
    const since = flags.since === undefined ? undefined : readMoment(flags.since, Date.now());
    if (flags.since !== undefined && since === undefined) {
      return sayUsage(
        cli,
        `"${flags.since}" is no time`,
        "Write 2h, 3d, today, 14:30, 2025-11-03 or 2025-11-03 14:30.",
      );
    }
    if (flags["kernel-log"]) {
      const { showKernelLog } = await import("../watch/show-events.ts");
      return showKernelLog(cli, { files: operands, bond: flags.bond, since, limit: flags.limit, json: flags.json });
    }
    const { showEvents } = await import("../watch/show-events.ts");
    const limit = flags.limit ?? (since === undefined ? usualLimit : undefined);
    return showEvents(cli, { ...flags, since, limit });
  },
});
