import { command, sayUsage } from "../command.ts";

export const reflect = command({
  name: "reflect",
  about: "Be the other end of drills: answer numbered packets until stopped",
  operands: { count: "none", value: "", about: "" },
  untilStopped: true,
  flags: {
    port: { kind: "count", value: "N", about: "TCP and UDP port, if not 7447" },
    allow: { kind: "list", value: "ADDRESS", about: "Only hosts with these addresses may drill against it" },
  },
  examples: [
    { line: "holdfast reflect", about: "On a machine beyond the host's ports; then holdfast drill --peer there" },
    { line: "holdfast reflect --allow 192.168.1.105", about: "Only for that host" },
  ],
  async run(cli, { flags }) {
    const { startReflector } = await import("../../drill/reflect.ts");
    const { reflectPort } = await import("../drill/drill-command.ts");
    const port = flags.port ?? reflectPort;
    if (port < 1 || port > 65_535) return sayUsage(cli, "--port takes 1 to 65535", `Leave it out for ${reflectPort}.`);
    const log = (line: string): void => cli.stderr.write(`${line}\n`);
    const started = await startReflector({ port, allowed: flags.allow, log });
    if (!started.ok) {
      return sayUsage(cli, `port ${port} can't be listened on: ${started.error}`, "Choose another one with --port.");
    }
    log(`reflecting on TCP and UDP port ${port}, until Ctrl-C`);
    await new Promise<void>((done) => {
      if (cli.signal.aborted) done();
      else cli.signal.addEventListener("abort", () => done(), { once: true });
    });
    started.value.close();
    return "fine";
  },
});
