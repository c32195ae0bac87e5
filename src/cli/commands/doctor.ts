import type { DoctorCheck, DoctorDocument } from "../../api/types.ts";
import { command, jsonFlag } from "../command.ts";
import { progressOn } from "../progress.ts";
import { printDocument, styleFor } from "../style.ts";

const marks = {
  fine: { word: "ok     ", role: "hint" },
  reduced: { word: "reduced", role: "warning" },
  missing: { word: "missing", role: "error" },
} as const satisfies Record<DoctorCheck["state"], unknown>;

export const doctor = command({
  name: "doctor",
  about: "Say what this machine has for rehearsals, and what it lacks",
  operands: { count: "none", value: "", about: "" },
  flags: {
    fetch: { kind: "switch", about: "Download now what the lab would fetch when it first runs; installs nothing" },
    json: jsonFlag,
  },
  examples: [{ line: "holdfast doctor --fetch", about: "Make ready for rehearsals without a network" }],
  async run(cli, { flags }) {
    const { examine, isHealthy } = await import("../doctor.ts");
    const progress = progressOn(cli.stderr);
    progress.say("looking for kernels and packages");
    const checks = await examine({
      home: cli.home,
      node: cli.node.version,
      architecture: cli.node.architecture,
      packages: flags.fetch ? "fetch" : "look",
      signal: cli.signal,
    });
    progress.end();
    if (flags.json) {
      printDocument(cli, { checks } satisfies DoctorDocument);
    } else {
      const { paint } = styleFor(cli, cli.stdout);
      for (const { state, about, hint } of checks) {
        cli.stdout.write(`${paint(marks[state].role, marks[state].word)}  ${about}\n`);
        if (hint !== undefined) cli.stdout.write(`         ${hint}\n`);
      }
    }
    return isHealthy(checks) ? "fine" : "findings";
  },
});
