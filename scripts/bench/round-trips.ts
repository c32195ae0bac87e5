import fc from "fast-check";
import type { Dialect } from "../../src/dialects/dialect.ts";
import type { Config } from "../../src/model/config.ts";
import { differences } from "../../src/model/differences.ts";
import { hostConfig } from "../../test/arbitrary/host-config.ts";

export { dialects } from "../../src/dialects/registry.ts";

/** So many random hosts, the same for the same seed. */
export function configurations(count: number, seed: number): readonly Config[] {
  return fc.sample(hostConfig(), { numRuns: count, seed });
}

/** Writes every configuration, reads it back and compares; tells how many came back different. */
export function roundTrips(dialect: Dialect, configs: readonly Config[]): { readonly differing: number } {
  let differing = 0;
  for (const config of configs) {
    const back = dialect.parse(dialect.render(config).files);
    if (differences(config, back.config).length > 0) differing++;
  }
  return { differing };
}
