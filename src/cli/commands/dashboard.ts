import { command } from "../command.ts";

export const dashboard = command({
  name: "dashboard",
  about: "Serve the dashboard as holdfast.yaml says, or give somebody a password for it",
  operands: { count: "none", value: "", about: "" },
  flags: {
    password: { kind: "text", value: "NAME", about: "Ask for this user's password and keep its digest" },
    role: {
      kind: "text",
      value: "ROLE",
      about: "With --password: what the user may do",
      choices: ["viewer", "operator"],
    },
    forget: { kind: "text", value: "NAME", about: "Take this user's password away" },
    config: { kind: "text", value: "FILE", about: "The holdfast.yaml, if not /etc/holdfast/holdfast.yaml" },
    state: { kind: "text", value: "DIR", about: "Where the agent keeps events, if not /var/lib/holdfast" },
    run: { kind: "text", value: "DIR", about: "Where the agent's socket is, if not /run/holdfast" },
  },
  untilStopped: true,
  examples: [
    {
      line: "holdfast dashboard --password eva --role operator",
      about: "Asks twice; from a pipe the first line is taken. Without --role the user only looks on",
    },
    { line: "holdfast dashboard", about: "Serves it until SIGTERM; SIGHUP reads certificate and users again" },
    { line: "holdfast dashboard --forget eva", about: "Ends the user's sessions, too" },
  ],
  async run(cli, { flags }) {
    const { dashboardCommand, forgetCommand, passwordCommand } = await import("../dashboard/dashboard-command.ts");
    const config = flags.config ?? "/etc/holdfast/holdfast.yaml";
    if (flags.forget !== undefined) return forgetCommand(cli, { config, name: flags.forget });
    if (flags.password !== undefined) {
      return passwordCommand(cli, {
        config,
        name: flags.password,
        role: flags.role === "operator" ? "operator" : "viewer",
      });
    }
    return dashboardCommand(cli, {
      config,
      state: flags.state ?? "/var/lib/holdfast",
      run: flags.run ?? "/run/holdfast",
    });
  },
});
