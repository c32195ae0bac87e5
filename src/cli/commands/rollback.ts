import { command, jsonFlag } from "../command.ts";

export const rollback = command({
  name: "rollback",
  about: "Take the pending change back now",
  operands: { count: "none", value: "", about: "" },
  flags: { json: jsonFlag },
  endsInOrder: true,
  examples: [{ line: "holdfast rollback", about: "Needs no token: to go back is always allowed" }],
  async run(cli, { flags }) {
    const { rollbackCommand } = await import("../apply/rollback-command.ts");
    return rollbackCommand(cli, flags.json ? "json" : "text");
  },
});
