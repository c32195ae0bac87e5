import { command, jsonFlag } from "../command.ts";

export const history = command({
  name: "history",
  about: "List the last fifty changes: when, by whom, confirmed or rolled back",
  operands: { count: "none", value: "", about: "" },
  flags: { json: jsonFlag },
  examples: [{ line: "holdfast history", about: "The newest first; holdfast apply --previous goes back by one" }],
  async run(cli, { flags }) {
    const { historyCommand } = await import("../apply/history-command.ts");
    return historyCommand(cli, flags.json ? "json" : "text");
  },
});
