import { command, jsonFlag } from "../command.ts";

export const extend = command({
  name: "extend",
  about: "Give the pending change more time before it goes back",
  operands: { count: "any", value: "TIME", about: "From now on; 120s when not given, 30s at least" },
  flags: { json: jsonFlag },
  endsInOrder: true,
  examples: [{ line: "holdfast extend 10m", about: "The new timer is armed and proven before the old one is stopped" }],
  async run(cli, { operands, flags }) {
    const { readSeconds } = await import("../apply/read-seconds.ts");
    const seconds = readSeconds(cli, operands[0]);
    if (typeof seconds === "string") return seconds;
    const { extendCommand } = await import("../apply/decide-commands.ts");
    return extendCommand(cli, seconds, flags.json ? "json" : "text");
  },
});
