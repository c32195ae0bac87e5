import { command, jsonFlag, reportFlag } from "../command.ts";
import type { ManagerName } from "../rehearse/managers.ts";

export const rehearse = command({
  name: "rehearse",
  about: "Boot a real kernel with the configuration, inject every fault, and measure the outage",
  operands: { count: "one", value: "PATH", about: "holdfast.yaml, or a dialect's file or root (see --topology)" },
  flags: {
    scenario: { kind: "list", value: "ID", about: "Only these scenarios; --list shows them" },
    list: { kind: "switch", about: "Show the scenarios and end" },
    repeat: { kind: "count", value: "N", about: "Run each scenario N times, the fault at another moment each time" },
    engine: { kind: "text", value: "ENGINE", about: "The kernel to boot", choices: ["uml-tt", "uml", "qemu"] },
    radios: {
      kind: "text",
      value: "HOW",
      about: "How ports that join Wi-Fi are rehearsed: simulated where the lab can (the default), or as plain wires",
      choices: ["simulated", "wires"],
    },
    ssh: { kind: "switch", about: "A machine of the LAN keeps a real ssh session to the host through every fault" },
    "no-agent": { kind: "switch", about: "The kernel alone, without Holdfast's agent" },
    report: reportFlag,
    topology: { kind: "text", value: "FILE", about: "A holdfast.yaml that says what the host hangs on" },
    dialect: { kind: "text", value: "DIALECT", about: "The language of the files; detected when not given" },
    manager: {
      kind: "text",
      value: "MANAGER",
      about: "What brings the host up; by default the one whose files they are, or ifupdown",
      choices: ["ifupdown", "ifupdown2", "networkd", "networkmanager"],
    },
    "max-bonds": { kind: "count", value: "N", about: "Bonds that loading the bonding module makes (systemd: 0)" },
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast rehearse holdfast.yaml --report report", about: "Every fault of the topology, with a report" },
    { line: "holdfast rehearse /etc/network/interfaces --topology home.yaml", about: "The files as they are now" },
    { line: "holdfast rehearse holdfast.yaml --scenario cable-eth0 --repeat 20", about: "Median and worst of twenty" },
  ],
  async run(cli, { operands, flags }) {
    const { rehearseCommand } = await import("../rehearse/rehearse-command.ts");
    const { dialect, topology, report } = flags;
    return rehearseCommand(cli, {
      path: operands[0] ?? "",
      scenarios: flags.scenario,
      listOnly: flags.list ? "list" : "run",
      repeat: flags.repeat ?? 1,
      format: flags.json ? "json" : "text",
      radios: flags.radios === "wires" ? "wires" : "simulated",
      ssh: flags.ssh ? "with" : "without",
      agent: flags["no-agent"] ? "without" : "with",
      ...(flags.engine === undefined ? {} : { engine: flags.engine as "uml-tt" | "uml" | "qemu" }),
      ...(dialect === undefined ? {} : { dialect }),
      ...(topology === undefined ? {} : { topology }),
      ...(report === undefined ? {} : { report }),
      ...(flags.manager === undefined ? {} : { manager: flags.manager as ManagerName }),
      ...(flags["max-bonds"] === undefined ? {} : { maxBonds: flags["max-bonds"] }),
    });
  },
});
