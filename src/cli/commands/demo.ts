import { command } from "../command.ts";

export const demo = command({
  name: "demo",
  about: "Rehearse two well-known articles' configurations and our answers to them",
  operands: { count: "none", value: "", about: "" },
  flags: {
    report: { kind: "text", value: "DIR", about: "Where the reports go; rehearsal-report when not given" },
    wifi: { kind: "switch", about: "The first article alone, over simulated radios" },
    keep: { kind: "switch", about: "Serve the reports on the loopback address until Ctrl-C" },
  },
  examples: [{ line: "holdfast demo", about: "About two minutes; ends with a table side by side" }],
  async run(cli, { flags }) {
    const { demoCommand } = await import("../demo/demo-command.ts");
    const { acts, wifiActs } = await import("../demo/acts.ts");
    return demoCommand(cli, {
      acts: flags.wifi ? wifiActs : acts,
      directory: flags.report ?? "rehearsal-report",
      afterwards: flags.keep ? "keep" : "end",
    });
  },
});
