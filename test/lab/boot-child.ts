// A process that boots a lab, for tests that kill it or run it as somebody else. Prints each message as a line.
// usage: boot-child.mjs strictest|plain JOB-JSON
import { fileURLToPath } from "node:url";
import { runIsolated } from "../../src/lab/boot.ts";
import { chooseEngine } from "../../src/lab/engines.ts";
import { findIsolation, plainIsolation } from "../../src/lab/isolation.ts";

const [kind, job = "null"] = process.argv.slice(2);
const engine = await chooseEngine();
if (!engine.ok) throw new Error(engine.error.message);
const outcome = await runIsolated(
  {
    engine: engine.value,
    job: JSON.parse(job),
    runner: fileURLToPath(new URL("../test/lab/guest-commands.mjs", import.meta.url)),
    packages: [],
    timeoutMs: 60_000,
    onMessage: (message) => process.stdout.write(`${JSON.stringify(message)}\n`),
  },
  kind === "plain" ? plainIsolation : findIsolation,
);
if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message} (log: ${outcome.error.log})`);
