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
      const { rulesLike } = await import("../../rules/explain.ts");
      const { nearest } = await import("../../model/nearest.ts");
      const near = nearest(code, await explainedCodes(cli.home));
      const like = near === undefined ? rulesLike(code) : [near];
      const hint =
        like.length === 0
          ? "A code stands in brackets before a finding, such as no-link-monitor; docs/rules/README.md lists them."
          : `Did you mean ${like.join(", ")}?`;
      return sayUsage(cli, `no finding is called "${code}"`, hint);
    }
    if (flags.json) printDocument(cli, { code, text } satisfies ExplainDocument);
    else cli.stdout.write(text);
    return "fine";
  },
});
