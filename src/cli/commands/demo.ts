import { command } from "../command.ts";

export const demo = command({
  name: "demo",
  about: "Rehearse two well-known articles' configurations and our answers to them",
  operands: { count: "none", value: "", about: "" },
  flags: {
    report: { kind: "text", value: "DIR", about: "Where the reports go; rehearsal-report when not given" },
    keep: { kind: "switch", about: "Serve the reports on the loopback address until Ctrl-C" },
  },
  examples: [{ line: "holdfast demo", about: "About two minutes; ends with a table side by side" }],
  async run(cli, { flags }) {
    const { demoCommand } = await import("../demo/demo-command.ts");
    return demoCommand(cli, {
      directory: flags.report ?? "rehearsal-report",
      afterwards: flags.keep ? "keep" : "end",
    });
  },
});
