import { command } from "../command.ts";

export const agent = command({
  name: "agent",
  about: "Watch the bond beyond the carrier: probe every path, move the active port, remember and tell",
  operands: { count: "none", value: "", about: "" },
  flags: {
    config: { kind: "text", value: "FILE", about: "The holdfast.yaml, if not /etc/holdfast/holdfast.yaml" },
    state: { kind: "text", value: "DIR", about: "Where events are kept, if not /var/lib/holdfast" },
    run: { kind: "text", value: "DIR", about: "Where its socket is, if not /run/holdfast; a directory in memory" },
  },
  untilStopped: true,
  examples: [
    { line: "holdfast agent", about: "In the foreground, until SIGTERM; SIGHUP reads the file again" },
    { line: "holdfast agent --config home.yaml --state /tmp/state --run /tmp/run", about: "To try it beside another" },
  ],
  async run(cli, { flags }) {
    const { agentCommand } = await import("../agent/agent-command.ts");
    return agentCommand(cli, {
      config: flags.config ?? "/etc/holdfast/holdfast.yaml",
      state: flags.state ?? "/var/lib/holdfast",
      run: flags.run ?? "/run/holdfast",
    });
  },
});
