import { command, jsonFlag } from "../command.ts";

export const drill = command({
  name: "drill",
  about: "Cut each port of this live host, measure the outage, and put everything back",
  operands: { count: "none", value: "", about: "" },
  flags: {
    port: { kind: "list", value: "NAME", about: "Only these ports" },
    uplink: { kind: "list", value: "NAME", about: "Only these uplinks of holdfast.yaml" },
    kind: { kind: "list", value: "KIND", about: "Only these cuts: carrier, silent, uplink" },
    peer: {
      kind: "text",
      value: "HOST[:PORT]",
      about: "A machine that runs holdfast reflect: each direction by itself",
    },
    report: { kind: "text", value: "DIR", about: "Write report.html, report.md, junit.xml and rehearsal.json there" },
    captures: { kind: "text", value: "DIR", about: "Keep every port's packets there, as pcapng (tcpdump or dumpcap)" },
    bond: { kind: "text", value: "NAME", about: "Which bond, where the host has several" },
    config: { kind: "text", value: "FILE", about: "What is declared, if not /etc/holdfast/holdfast.yaml" },
    json: jsonFlag,
  },
  examples: [
    {
      line: "holdfast drill",
      about: "Every port and uplink, in about half a minute; nothing while redundancy isn't full",
    },
    { line: "holdfast drill --port eth0 --peer backup.lan", about: "One port, seen from both ends" },
    { line: "holdfast drill --report drill --captures drill", about: "A page to keep, and captures for Wireshark" },
  ],
  async run(cli, { flags }) {
    const { drillCommand } = await import("../drill/drill-command.ts");
    const { bond, peer, config, report, captures } = flags;
    return drillCommand(cli, {
      ports: flags.port,
      uplinks: flags.uplink,
      kinds: flags.kind,
      format: flags.json ? "json" : "text",
      ...(report === undefined ? {} : { report }),
      ...(captures === undefined ? {} : { captures }),
      ...(bond === undefined ? {} : { bond }),
      ...(peer === undefined ? {} : { peer }),
      ...(config === undefined ? {} : { config }),
    });
  },
});
