import { backendNames } from "../../plan/change.ts";
import { transactionFlags } from "../apply/transaction-flags.ts";
import { command } from "../command.ts";

export const apply = command({
  name: "apply",
  about: "Make this host what a holdfast.yaml declares, and take it back unless it is confirmed",
  operands: { count: "any", value: "FILE", about: "A holdfast.yaml; none with --previous" },
  flags: {
    ...transactionFlags,
    host: {
      kind: "text",
      value: "TARGET",
      about: "Do it on another host over ssh (user@box), confirmed over a new connection",
    },
    previous: { kind: "switch", about: "Go back to what was before the last confirmed change" },
    to: {
      kind: "text",
      value: "BACKEND",
      about: "Who shall make it real; found out when not given",
      choices: backendNames.filter((name) => name !== "guard"),
    },
    accept: { kind: "list", value: "CODE", about: "Findings of severity error that shall not stop it" },
  },
  endsInOrder: true,
  examples: [
    {
      line: "holdfast apply /etc/holdfast/holdfast.yaml",
      about: "Then log in again, and confirm with the token it prints",
    },
    {
      line: "holdfast apply home.yaml --host root@attic",
      about: "From your own machine, which logs in again and confirms",
    },
    { line: "holdfast apply holdfast.yaml --unattended --deadline 5m", about: "For scripts: the probes decide" },
  ],
  async run(cli, { operands, flags }) {
    const { applyAsAsked } = await import("../apply/apply-as-asked.ts");
    return applyAsAsked(cli, operands, flags);
  },
});
