import { backendNames } from "../../plan/change.ts";
import { command, jsonFlag } from "../command.ts";

export const plan = command({
  name: "plan",
  about: "Show what a holdfast.yaml would change on this host, and how; touch nothing",
  operands: { count: "one", value: "FILE", about: "A holdfast.yaml; not standard input" },
  flags: {
    to: {
      kind: "text",
      value: "BACKEND",
      about: "Who shall make it real; found out when not given",
      choices: backendNames.filter((name) => name !== "guard"),
    },
    root: {
      kind: "text",
      value: "DIR",
      about: "A copy of another host's /etc, /proc, /run and /sys below a directory",
    },
    accept: { kind: "list", value: "CODE", about: "Findings of severity error that shall not stop it" },
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast plan /etc/holdfast/holdfast.yaml", about: "Before holdfast apply, or instead of it" },
    { line: "holdfast plan holdfast.yaml --root copy-of-host", about: "For a host whose files were copied here" },
  ],
  async run(cli, { operands, flags }) {
    const { resolve } = await import("node:path");
    const { makePlan } = await import("../apply/make-plan.ts");
    const { printPlan } = await import("../apply/print-plan.ts");
    const outcome = await makePlan({
      path: operands[0] ?? "",
      cwd: cli.cwd,
      root: flags.root === undefined ? "/" : resolve(cli.cwd, flags.root),
      accept: flags.accept,
      ...(flags.to === undefined ? {} : { to: backendNames.find((name) => name === flags.to) ?? "ifupdown" }),
    });
    return printPlan(cli, outcome, flags.json ? "json" : "text");
  },
});
