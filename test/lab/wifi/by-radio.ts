import { fileURLToPath } from "node:url";
import { beforeAll, beforeEach } from "vitest";
import { type RehearsalInput, type RehearsalRequest, readRehearsal } from "../../../src/cli/rehearse/read-rehearsal.ts";
import { hostInLab } from "../../../src/cli/rehearse/run-rehearsal.ts";
import { runLab } from "../../../src/lab/boot.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { guestPackages } from "../../../src/lab/packages.ts";
import { chooseRadioLinks } from "../../../src/lab/radio-links.ts";
import { type RehearseRequest, rehearse } from "../../../src/lab/rehearse.ts";
import type { Config } from "../../../src/model/config.ts";
import { allScenarios } from "../../../src/topology/scenarios.ts";
import { engineOrReason } from "../booting.ts";

/** What every rehearsal by radio begins with. */

/** The folder of the examples. */
export const examples = fileURLToPath(new URL("../../../examples", import.meta.url));

/** The first article's own file, in its house. */
export const firstArticle = { path: "articles/first/etc/network/interfaces", topology: "powerline-wifi.yaml" };

export const radios = { links: "radios" } as const;

/** A subject below examples/, or below `cwd`. */
export async function readHouse(subject: Omit<RehearsalRequest, "cwd">, cwd = examples): Promise<RehearsalInput> {
  const reading = await readRehearsal({ ...subject, cwd });
  if (!("input" in reading)) throw new Error(JSON.stringify(reading.refused.diagnostics));
  return reading.input;
}

/** Gives a file's tests the best engine here before each of them; where it has no radios for what `look` names, they are skipped, with the
 *  reason. `look` may name a further one. */
export function withRadios(
  use: (engine: Engine) => void,
  look: () => Promise<{ readonly config: Config; readonly packages?: readonly string[]; readonly unfit?: string }>,
): void {
  let found: Engine | string;
  beforeAll(async () => {
    found = await engineOrReason();
    if (typeof found === "string") return;
    const { config, packages = guestPackages, unfit } = await look();
    found = (await chooseRadioLinks(found, config, packages)).why ?? unfit ?? found;
  }, 300_000);
  beforeEach((context) => {
    if (typeof found === "string") context.skip(found);
    else use(found);
  });
}

/** What `withRadios` looks at, of an input. */
export function lookAt(input: RehearsalInput) {
  const { packages = [] } = hostInLab(input, radios);
  return { config: input.config, packages };
}

/** Each scenario that is named, once where nothing else is said. Throws where there is no result. */
export async function byRadio(
  engine: Engine,
  input: RehearsalInput,
  names: readonly string[],
  more: Partial<RehearseRequest> = {},
) {
  const ran = await rehearse(runLab, {
    ...hostInLab(input, radios),
    radios,
    scenarios: allScenarios(input.config).filter(({ id }) => names.includes(id)),
    repeat: 1,
    engine,
    labs: 1,
    onProgress: () => undefined,
    ...more,
  });
  if (!ran.ok) throw new Error(`${ran.error.message} ${ran.error.hint}`);
  const of = (id: string) => {
    const scenario = ran.value.scenarios.find((one) => one.id === id);
    if (scenario === undefined) throw new Error(`${id} was not rehearsed`);
    return { ...scenario, said: scenario.events.map(({ text }) => text) };
  };
  return { rehearsal: ran.value, of };
}
