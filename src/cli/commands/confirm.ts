import { command, jsonFlag } from "../command.ts";

export const confirm = command({
  name: "confirm",
  about: "Make the pending change stay, from a session that was opened after it",
  operands: { count: "one", value: "TOKEN", about: "As apply printed it; dashes and capitals don't matter" },
  flags: {
    "same-session": { kind: "switch", about: "Though this is the session that applied it, which proves nothing" },
    json: jsonFlag,
  },
  endsInOrder: true,
  examples: [
    { line: "holdfast confirm abcd-efgh-ijkl-mnop-qrst-uvwx-yz", about: "Once it says so, nothing takes it back" },
  ],
  async run(cli, { operands, flags }) {
    const { confirmCommand } = await import("../apply/decide-commands.ts");
    const from = flags["same-session"] ? "same-session" : "new-session";
    return confirmCommand(cli, operands[0] ?? "", from, flags.json ? "json" : "text");
  },
});
