import type { DoctorDocument } from "../../api/types.ts";
import { command, jsonFlag } from "../command.ts";
import { progressOn } from "../progress.ts";
import { printDocument, styleFor } from "../style.ts";

export const doctor = command({
  name: "doctor",
  about: "Say whether this machine can rehearse and carry a bond, what it lacks, and what mends it",
  operands: { count: "none", value: "", about: "" },
  flags: {
    fetch: { kind: "switch", about: "Download now what the lab would fetch when it first runs; installs nothing" },
    root: {
      kind: "text",
      value: "DIR",
      about: "Look at a copy of another host's root below a directory, and not at the lab",
    },
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast doctor", about: "Kernel, ports, managers, rights, lab" },
    { line: "holdfast doctor --fetch", about: "Make ready for rehearsals without a network" },
  ],
  async run(cli, { flags }) {
    const { examine, isHealthy } = await import("../doctor.ts");
    const { sayChecks } = await import("../doctor/say-checks.ts");
    const progress = progressOn(cli.stderr);
    progress.say("looking for kernels and packages, and at this host");
    const checks = await examine({
      home: cli.home,
      node: cli.node.version,
      architecture: cli.node.architecture,
      packages: flags.fetch ? "fetch" : "look",
      signal: cli.signal,
      root: flags.root ?? "/",
      cwd: cli.cwd,
    });
    progress.end();
    if (flags.json) {
      printDocument(cli, { checks } satisfies DoctorDocument);
    } else {
      cli.stdout.write(sayChecks(checks, styleFor(cli, cli.stdout)));
    }
    return isHealthy(checks) ? "fine" : "findings";
  },
});
