import type { RehearsalInput } from "../../src/cli/rehearse/read-rehearsal.ts";
import { hostInLab } from "../../src/cli/rehearse/run-rehearsal.ts";
import type { Engine, RunLab } from "../../src/lab/lab.ts";
import { rehearse } from "../../src/lab/rehearse.ts";
import type { Rehearsal } from "../../src/measure/rehearsal.ts";
import { allScenarios } from "../../src/topology/scenarios.ts";

interface Beside {
  /** The one scenario's name. */
  readonly scenario: string;
  /** Run when the host is up, before the scenario; what they say is in the output of bringing it up. */
  readonly afterwards: readonly (readonly string[])[];
  /** Files of the host's beside its own. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Rehearses a host once, in one lab. Throws where the lab doesn't run. */
export async function rehearseScenario(
  run: RunLab,
  engine: Engine,
  input: RehearsalInput,
  { scenario, afterwards, files = {} }: Beside,
): Promise<Rehearsal> {
  const host = hostInLab(input);
  const ran = await rehearse(run, {
    ...host,
    files: { ...host.files, ...files },
    bringUp: { ...host.bringUp, commands: [...host.bringUp.commands, ...afterwards] },
    scenarios: allScenarios(input.config).filter(({ id }) => id === scenario),
    repeat: 1,
    engine,
    labs: 1,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  if (!ran.ok) throw new Error(ran.error.message);
  return ran.value;
}
