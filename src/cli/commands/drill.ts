import { resolve } from "node:path";
import { command, jsonFlag, reportFlag } from "../command.ts";

export const drill = command({
  name: "drill",
  about: "Cut each port of this live host, measure the outage, and put everything back",
  endsInOrder: true,
  operands: { count: "none", value: "", about: "" },
  flags: {
    port: { kind: "list", value: "NAME", about: "Only these ports" },
    uplink: { kind: "list", value: "NAME", about: "Only these uplinks of holdfast.yaml" },
    kind: { kind: "list", value: "KIND", about: "Only these cuts: carrier, silent, uplink" },
    peer: {
      kind: "text",
      value: "PEER",
      about: "A machine that runs holdfast reflect: each direction by itself",
    },
    report: reportFlag,
    captures: { kind: "text", value: "DIR", about: "Keep every port's packets there, as pcapng (tcpdump or dumpcap)" },
    bond: { kind: "text", value: "NAME", about: "Which bond, where the host has several" },
    config: { kind: "text", value: "FILE", about: "What is declared, if not /etc/holdfast/holdfast.yaml" },
    schedule: { kind: "text", value: "WHEN", about: "Do it from now on", choices: ["daily", "weekly", "monthly"] },
    at: { kind: "text", value: "TIME", about: "With --schedule: the hour, as HH:MM local time; 04:10 if not said" },
    quiet: { kind: "text", value: "HOURS", about: "Never within these, as HH:MM-HH:MM" },
    unschedule: { kind: "switch", about: "Do it no more" },
    json: jsonFlag,
  },
  examples: [
    {
      line: "holdfast drill",
      about: "Every port and uplink, in about half a minute; nothing while redundancy isn't full",
    },
    { line: "holdfast drill --port eth0 --peer backup.lan", about: "One port, seen from both ends" },
    { line: "holdfast drill --schedule weekly --at 04:10 --quiet 07:00-23:00", about: "By itself, at night" },
    { line: "holdfast drill --report drill --captures drill", about: "A page to keep, and captures for Wireshark" },
  ],
  async run(cli, { flags }) {
    const { bond, peer, config, report, captures, schedule, at, quiet } = flags;
    if (flags.unschedule || schedule !== undefined || quiet !== undefined) {
      const { quietNow, scheduleCommand, unscheduleCommand } = await import("../drill/schedule-command.ts");
      if (flags.unschedule) return unscheduleCommand(cli);
      const every = schedule as "daily" | "weekly" | "monthly" | undefined;
      if (every !== undefined) return scheduleCommand(cli, { every, at, quiet, words: wordsOf(flags, cli.cwd) });
      const refused = quietNow(cli, quiet ?? "", new Date());
      if (refused !== undefined) return refused;
    }
    const { drillCommand } = await import("../drill/drill-command.ts");
    return drillCommand(cli, {
      ports: flags.port,
      uplinks: flags.uplink,
      kinds: flags.kind,
      format: flags.json ? "json" : "text",
      ...(report === undefined ? {} : { report }),
      ...(captures === undefined ? {} : { captures }),
      ...(bond === undefined ? {} : { bond }),
      ...(peer === undefined ? {} : { peer }),
      ...(config === undefined ? {} : { config }),
    });
  },
});

/** What a scheduled drill is called with, of what was typed. */
function wordsOf(flags: Readonly<Record<string, unknown>>, cwd: string): readonly string[] {
  return ["port", "uplink", "kind", "peer", "bond", "config"].flatMap((name) => {
    const value = flags[name];
    // A timer runs elsewhere.
    if (name === "config" && typeof value === "string") return ["--config", resolve(cwd, value)];
    if (typeof value === "string") return [`--${name}`, value];
    return Array.isArray(value) && value.length > 0 ? [`--${name}`, ...value.map(String)] : [];
  });
}
