import { backendNames } from "../../plan/change.ts";
import { command, jsonFlag } from "../command.ts";

export const apply = command({
  name: "apply",
  about: "Make this host what a holdfast.yaml declares, and take it back unless it is confirmed",
  operands: { count: "any", value: "FILE", about: "A holdfast.yaml; none with --previous" },
  flags: {
    deadline: {
      kind: "text",
      value: "TIME",
      about: "Until when it must be confirmed; 120s when not given, 30s at least",
    },
    unattended: {
      kind: "switch",
      about: "Confirm by the probes alone: everything that worked works, twice, ten seconds apart",
    },
    "same-session": { kind: "switch", about: "Take the confirmation from this login too" },
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
    "keep-failing": {
      kind: "switch",
      about: "Don't go back at once where something stops working; wait for the deadline",
    },
    "no-wait": { kind: "switch", about: "Return once it is in place and proven; the deadline stays" },
    lines: { kind: "switch", about: "Tell what happens as it happens, one JSON document a line" },
    json: jsonFlag,
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
