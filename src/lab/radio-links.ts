import type { Config } from "../model/config.ts";
import { compilePlan } from "../topology/compile-plan.ts";
import type { RadioLinks } from "../topology/radios.ts";
import type { Engine } from "./lab.ts";
import { packageLayer } from "./packages.ts";

/** What the radios of a configuration need in the guest beyond what every lab has, by Debian package: with every country's rules where
 *  an access point goes by one's. */
export function radioPackages(config: Config): readonly string[] {
  const radios = compilePlan(config, "radios").wires.flatMap(({ radio }) => radio ?? []);
  const rules = radios.some(({ country }) => country !== undefined) ? ["wireless-regdb"] : [];
  return ["hostapd", "iw", "wpasupplicant", ...rules];
}

/** How the lab will make the radio links of a configuration, and why not with radios where it can't. */
export interface RadioChoice {
  readonly links: RadioLinks;
  readonly why?: string;
}

/** Whether a rehearsal of this configuration has use for radios. */
export function hasRadios(config: Config): boolean {
  return compilePlan(config, "radios").wires.some(({ radio }) => radio !== undefined);
}

/** Radios, where a port joins a network by radio, the engine has them and the programs can be had; else plain wires.
 *  `packages`: what the guest gets anyway. May fetch packages. */
export async function chooseRadioLinks(
  engine: Engine,
  config: Config,
  packages: readonly string[],
  signal?: AbortSignal,
): Promise<RadioChoice> {
  if (!hasRadios(config)) return { links: "wires" };
  if (engine.radios !== true) return { links: "wires", why: withoutRadios(engine) };
  const layer = await packageLayer([...packages, ...radioPackages(config)], signal);
  return layer.ok ? { links: "radios" } : { links: "wires", why: layer.error.message };
}

function withoutRadios({ name }: Engine): string {
  return `the engine ${name} has no simulated radios; uml-tt and qemu have (holdfast doctor says what they lack here)`;
}
