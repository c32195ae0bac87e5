import type { StatusAnswer } from "../../api/types.ts";
import { command, jsonFlag, sayUsage, socketFlag } from "../command.ts";
import { documentLine, printDocument } from "../style.ts";

export const status = command({
  name: "status",
  about: "Say how the bond is: what carries traffic, every port and path, the latest outage",
  operands: { count: "none", value: "", about: "" },
  flags: {
    watch: {
      kind: "switch",
      about: "Show it live on the whole terminal, with keys for pin, drain and drill; ? explains",
    },
    bond: { kind: "text", value: "NAME", about: "Which bond, where the host has several" },
    socket: socketFlag,
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast status", about: "Exit status 0 while traffic flows and every port could carry it, 1 otherwise" },
    { line: "holdfast status --watch", about: "Look on while you pull a cable; p pins, d drains, D drills, q quits" },
  ],
  async run(cli, { flags }) {
    const { isHealthy, readStatus, statusText } = await import("../watch/status.ts");
    const { agentPlaces } = await import("../../agent/places.ts");
    const asked = { socket: flags.socket ?? agentPlaces.socket, bond: flags.bond, signal: cli.signal };
    const first = await readStatus(asked);
    if (!first.ok) return sayUsage(cli, first.error.message, first.error.hint);
    const { status: seen, trouble } = first.value;
    if (trouble !== undefined) cli.stderr.write(`holdfast: ${trouble.message}\n  ${trouble.hint}\n`);
    if (flags.watch && !flags.json && cli.stdout.isTerminal && cli.env["TERM"] !== "dumb") {
      const { watchLive } = await import("../live/watch-live.ts");
      await watchLive(cli, { socket: asked.socket, bond: asked.bond, first: seen });
      return "fine";
    }
    if (flags.watch) {
      const { printUntil } = await import("../watch/print-until.ts");
      await printUntil(cli, flags.json ? 1000 : 250, async () => {
        const now = await readStatus(asked);
        if (!now.ok) return `${now.error.message}\n`;
        if (flags.json) return documentLine(now.value.status satisfies StatusAnswer);
        return statusText(cli, now.value.status, cli.stdout.columns);
      });
      return "fine";
    }
    if (flags.json) printDocument(cli, seen satisfies StatusAnswer);
    else cli.stdout.write(statusText(cli, seen, cli.stdout.columns));
    return isHealthy(seen) ? "fine" : "findings";
  },
});
