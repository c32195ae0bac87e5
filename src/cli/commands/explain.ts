import type { ExplainDocument } from "../../api/types.ts";
import { command, jsonFlag, sayUsage } from "../command.ts";
import { printDocument } from "../style.ts";

export const explain = command({
  name: "explain",
  about: "Explain a finding: what it means, why it matters, a bad and a good sample",
  operands: { count: "one", value: "CODE", about: "The word in brackets of a finding, such as no-link-monitor" },
  flags: { json: jsonFlag },
  examples: [{ line: "holdfast explain no-link-monitor", about: "Why a bond without a monitor never fails over" }],
  async run(cli, { operands, flags }) {
    const { explainedCodes, explanationOf } = await import("../explain.ts");
    const code = operands[0] ?? "";
    const text = await explanationOf(code, cli.home);
    if (text === undefined) {
      const { nearest } = await import("../../model/nearest.ts");
      const near = nearest(code, await explainedCodes(cli.home));
      const hint = near === undefined ? "The codes are in docs/rules and docs/errors.md." : `Did you mean ${near}?`;
      return sayUsage(cli, `no finding is called "${code}"`, hint);
    }
    if (flags.json) printDocument(cli, { code, text } satisfies ExplainDocument);
    else cli.stdout.write(text);
    return "fine";
  },
});
