import { transactionFlags, wishOf } from "../apply/transaction-flags.ts";
import { command } from "../command.ts";

export const guard = command({
  name: "guard",
  about: "Run any command that changes the network, and undo it unless it is confirmed",
  operands: { count: "some", value: "COMMAND", about: "With its words, after --" },
  flags: transactionFlags,
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
    return guardCommand(cli, { words: operands, seconds, ...wishOf(flags) });
  },
});
