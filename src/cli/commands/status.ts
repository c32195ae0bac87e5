import type { StatusAnswer } from "../../api/types.ts";
import { command, jsonFlag, sayUsage, socketFlag } from "../command.ts";
import { printDocument } from "../style.ts";

export const status = command({
  name: "status",
  about: "Say how the bond is: what carries traffic, every port and path, the latest outage",
  operands: { count: "none", value: "", about: "" },
  flags: {
    watch: { kind: "switch", about: "Show it again and again, until Ctrl-C" },
    bond: { kind: "text", value: "NAME", about: "Which bond, where the host has several" },
    socket: socketFlag,
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast status", about: "Exit status 0 while traffic flows and every port could carry it, 1 otherwise" },
    { line: "holdfast status --watch", about: "Look on while you pull a cable" },
  ],
  async run(cli, { flags }) {
    const { isHealthy, readStatus, statusText } = await import("../watch/status.ts");
    const { agentPlaces } = await import("../../agent/places.ts");
    const asked = { socket: flags.socket ?? agentPlaces.socket, bond: flags.bond, signal: cli.signal };
    const first = await readStatus(asked);
    if (!first.ok) return sayUsage(cli, first.error.message, first.error.hint);
    const { status: seen, trouble } = first.value;
    if (trouble !== undefined) cli.stderr.write(`holdfast: ${trouble.message}\n  ${trouble.hint}\n`);
    if (flags.watch) {
      const { drawUntil, printUntil } = await import("../watch/screen.ts");
      const show = async () => {
        const now = await readStatus(asked);
        if (!now.ok) return `${now.error.message}\n`;
        if (flags.json) return JSON.stringify(now.value.status satisfies StatusAnswer);
        // A line that fills the last column would lose its end when what stands behind it is wiped.
        return statusText(cli, now.value.status, cli.stdout.columns - 1);
      };
      await (flags.json ? printUntil(cli, 1000, show) : drawUntil(cli, 250, show));
      return "fine";
    }
    if (flags.json) printDocument(cli, seen satisfies StatusAnswer);
    else cli.stdout.write(statusText(cli, seen, cli.stdout.columns));
    return isHealthy(seen) ? "fine" : "findings";
  },
});
