import type { WhyDocument } from "../../api/types.ts";
import { command, jsonFlag, sayUsage, socketFlag } from "../command.ts";
import { printDocument } from "../style.ts";

export const why = command({
  name: "why",
  about: "Explain the latest trouble: what happened, what it cost, what to do",
  operands: { count: "none", value: "", about: "" },
  flags: {
    journal: { kind: "text", value: "DIR", about: "Read this directory of events, and ask no agent" },
    socket: socketFlag,
    json: jsonFlag,
  },
  examples: [{ line: "holdfast why", about: "Three sentences; an empty history is said to be one" }],
  async run(cli, { flags }) {
    const { explainLatest, whyText } = await import("../watch/why.ts");
    const explained = await explainLatest(cli, flags);
    if (!explained.ok) return sayUsage(cli, explained.error.message, explained.error.hint);
    if (flags.json) printDocument(cli, explained.value satisfies WhyDocument);
    else cli.stdout.write(whyText(cli, explained.value));
    return "fine";
  },
});
