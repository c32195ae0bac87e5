import { command, jsonFlag } from "../command.ts";

export const guard = command({
  name: "guard",
  about: "Run any command that changes the network, and undo it unless it is confirmed",
  operands: { count: "some", value: "COMMAND", about: "With its words, after --" },
  flags: {
    deadline: {
      kind: "text",
      value: "TIME",
      about: "Until when it must be confirmed; 120s when not given, 30s at least",
    },
    unattended: {
      kind: "switch",
      about: "Confirm by the probes alone: everything that worked works, twice, ten seconds apart",
    },
    "same-session": { kind: "switch", about: "Take the confirmation from this login too" },
    "keep-failing": {
      kind: "switch",
      about: "Don't go back at once where something stops working; wait for the deadline",
    },
    "no-wait": { kind: "switch", about: "Return once it is done and proven; the deadline stays" },
    lines: { kind: "switch", about: "Tell what happens as it happens, one JSON document a line" },
    json: jsonFlag,
  },
  endsInOrder: true,
  examples: [
    { line: "holdfast guard -- netplan apply", about: "Files of every network manager and what runs are kept first" },
    { line: "holdfast guard --deadline 5m -- sh -c 'ifdown em1; ifup em1'", about: "With more time to look around" },
  ],
  async run(cli, { operands, flags }) {
    const { readSeconds } = await import("../apply/read-seconds.ts");
    const seconds = readSeconds(cli, flags.deadline);
    if (typeof seconds === "string") return seconds;
    const { guardCommand } = await import("../apply/guard-command.ts");
    return guardCommand(cli, {
      words: operands,
      seconds,
      confirmation: flags.unattended ? "probes" : flags["same-session"] ? "any-session" : "new-session",
      accept: flags["keep-failing"] ? "regressions" : "nothing",
      until: flags["no-wait"] ? "proven" : "ended",
      manner: flags.lines ? "lines" : flags.json ? "silent" : "text",
    });
  },
});
