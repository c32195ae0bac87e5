import type { Config } from "../model/config.ts";
import { optionInForce } from "../model/defaults.ts";
import { differences, isWithin } from "../model/differences.ts";
import type { BondOptions, OptionName } from "../model/options.ts";
import type { Dialect, Loss, Rendered } from "./dialect.ts";

/** Differences between a configuration and what its rendered files say when they are read back, less those the reported losses
 *  cover: empty where the dialect said all it lost. Keys as in `model/differences.ts`. */
export function unaccounted(dialect: Dialect, config: Config, rendered: Rendered): readonly string[] {
  const back = dialect.parse(rendered.files).config;
  return differences(config, back).filter((key) => !rendered.losses.some(({ about }) => isWithin(key, about)));
}

/** Renders, reads back, and reports as a loss whatever did not come back and was not said: nothing is dropped in silence, not even
 *  by a mistake of ours. */
export function renderAccounted(dialect: Dialect, config: Config): Rendered {
  const rendered = dialect.render(config);
  const missed = unaccounted(dialect, config, rendered).map(
    (about): Loss => ({
      code: "not-read-back",
      severity: "warning",
      message: `${about} is not the same when the written files are read again`,
      hint: "Compare this part with the source before you use the files.",
      about,
    }),
  );
  return missed.length === 0 ? rendered : { ...rendered, losses: [...rendered.losses, ...missed] };
}

/** The configuration with what its source's consumer does by itself spelled out wherever the target's consumer does otherwise:
 *  the same words must not mean something else after a conversion. */
export function withSourceDefaults(config: Config, source: DefaultsOf, target: DefaultsOf): Config {
  const meant = source.spellOutDefaults(config);
  const changed = target.spellOutDefaults(config);
  return {
    ...config,
    bonds: config.bonds.map((bond, at) => ({
      ...bond,
      options: keptOptions(bond.options, meant.bonds[at]?.options ?? {}, changed.bonds[at]?.options ?? {}),
    })),
    interfaces: config.interfaces.map((iface, at) => {
      const here = meant.interfaces[at] ?? iface;
      const there = changed.interfaces[at] ?? iface;
      return {
        ...kept(iface, here, there),
        ipv4: kept(iface.ipv4, here.ipv4, there.ipv4),
        ipv6: kept(iface.ipv6, here.ipv6, there.ipv6),
        ...(iface.bridge === undefined
          ? {}
          : {
              bridge: {
                ...iface.bridge,
                settings: kept(
                  iface.bridge.settings,
                  { ...kernelBridge, ...here.bridge?.settings },
                  { ...kernelBridge, ...there.bridge?.settings },
                ),
              },
            }),
      };
    }),
  };
}

/** What a bridge does that nobody has told anything. Source: net/bridge/br_device.c */
const kernelBridge = { stp_state: "0", forward_delay: "15", hello_time: "2", max_age: "20" };

/** Where only the target's consumer adds an option, the source meant what the kernel does by itself. */
function keptOptions(said: BondOptions, source: BondOptions, target: BondOptions): BondOptions {
  const byKernel = (Object.keys(target) as OptionName[])
    .filter((name) => !(name in source))
    .map((name) => [name, optionInForce(source, name)])
    .filter(([, value]) => value !== undefined);
  return kept(said, { ...source, ...Object.fromEntries(byKernel) }, target);
}

type DefaultsOf = Pick<Dialect, "spellOutDefaults">;

/** What was said, and of the source's own values those that the target would not bring by itself. */
function kept<T extends object>(said: T, source: T, target: T): T {
  const entries = Object.entries(source).filter(
    ([key, value]) =>
      !(key in said) && JSON.stringify(value) !== JSON.stringify((target as Record<string, unknown>)[key]),
  );
  return { ...said, ...Object.fromEntries(entries) } as T;
}
