import type { Config, Interface, IpSettings } from "../model/config.ts";
import { optionInForce } from "../model/defaults.ts";
import { differences, isWithin } from "../model/differences.ts";
import type { BondOptions, OptionName } from "../model/options.ts";
import { isSame } from "../model/same.ts";
import { withWaitingOf } from "./bridge-waiting.ts";
import { withoutOfferedDefault } from "./default-route-aside.ts";
import type { Dialect, Loss, Rendered } from "./dialect.ts";
import { powerSavingWeighed, sleepLosses } from "./stay-awake.ts";
import { weighed } from "./weigh-loss.ts";

/** Differences between a configuration and what its rendered files say when they are read back, less those the reported losses
 *  cover: empty where the dialect said all it lost. Keys as in `model/differences.ts`. */
export function unaccounted(dialect: Dialect, config: Config, rendered: Rendered): readonly string[] {
  return uncovered(config, dialect.parse(rendered.files).config, rendered);
}

function uncovered(config: Config, back: Config, rendered: Rendered): readonly string[] {
  const unlisted = withoutTheirLists(config, rendered);
  return differences(config, back).filter(
    (key) => !unlisted.has(key) && !rendered.losses.some(({ about }) => isWithin(key, about)),
  );
}

/** Interfaces that only a list of ports speaks of, where what was lost of that list was told: they went with it. */
function withoutTheirLists({ bonds, interfaces }: Config, { losses }: Rendered): ReadonlySet<string> {
  const told = new Set(losses.map(({ about }) => about));
  const lists = [
    ...bonds.map(({ name, ports }) => ({ about: `bond/${name}/ports`, ports })),
    ...interfaces.map(({ name, bridge }) => ({ about: `interface/${name}/bridge/ports`, ports: bridge?.ports ?? [] })),
  ].filter(({ about }) => told.has(about));
  if (lists.length === 0) return told;
  const described = new Set([...bonds, ...interfaces].map(({ name }) => name));
  return new Set(
    lists.flatMap(({ ports }) => ports.flatMap((port) => (described.has(port) ? [] : `interface/${port}`))),
  );
}

/** A loss that may come to nothing: advice, and settings for which the kernel may do the same by itself. */
function mayBeNothing({ about, severity }: Loss): boolean {
  return severity === "advice" || (severity === "warning" && /^bond\/[^/]*\/option\/|\/bridge\//.test(about));
}

/** Renders, reads back, and reports as a loss whatever did not come back and was not said: nothing is dropped in silence, not even
 *  by a mistake of ours. */
export function renderAccounted(dialect: Dialect, config: Config): Rendered {
  const rendered = dialect.render(config);
  const back = dialect.parse(rendered.files).config;
  const isLost = lossesThatCount(dialect, config, back);
  const inFull = dialect.spellOutDefaults(config);
  const losses = rendered.losses
    .flatMap((loss) => powerSavingWeighed(config, rendered.files, loss) ?? [])
    .flatMap((loss) => weighed(config, back, inFull, loss) ?? [])
    .filter((loss) => !mayBeNothing(loss) || isLost(loss));
  const missed = uncovered(config, back, rendered).map(
    (about): Loss => ({
      code: "not-read-back",
      severity: "warning",
      message: `${about} is not the same when the written files are read again`,
      hint: "Compare this part with the source before you use the files.",
      about,
    }),
  );
  return { ...rendered, losses: [...once(losses), ...sleepLosses(dialect, back, { ...rendered, losses }), ...missed] };
}

/** What was said twice (in the stanzas of both families, say) is lost once. */
function once(losses: readonly Loss[]): readonly Loss[] {
  return [...new Map(losses.map((loss) => [JSON.stringify([loss.severity, loss.message]), loss])).values()];
}

/** Tells of an advice whether something is lost: what only reads differently (in other words, or by not saying what is so anyway)
 *  and means the same is nothing to tell. What reads the same and is told nevertheless is of something beyond the model. */
function lossesThatCount(dialect: Dialect, config: Config, back: Config): (loss: Loss) => boolean {
  const read = differences(config, back);
  const meant = differences(inOneForm(dialect.spellOutDefaults(config)), inOneForm(dialect.spellOutDefaults(back)));
  return ({ about }) => meant.some((key) => isWithin(key, about)) || !read.some((key) => isWithin(key, about));
}

/** What means the same, in the same words: an option that says the kernel's default is not said, and taking router advertisements
 *  is the method "auto", beside addresses too; what is in a bond or a bridge gets none. */
function inOneForm(config: Config): Config {
  const inner = new Set([
    ...config.bonds.flatMap(({ ports }) => ports),
    ...config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []),
  ]);
  return {
    ...config,
    bonds: config.bonds.map((bond) => ({ ...bond, options: withoutKernelDefaults(bond.options) })),
    interfaces: config.interfaces.map((iface) => ({
      ...iface,
      ipv6: inner.has(iface.name) ? withoutAdvertisements(iface.ipv6) : withAdvertisementsAsMethod(iface.ipv6),
      ...(iface.bridge === undefined ? {} : { bridge: withoutIdleTree(iface.bridge) }),
    })),
  };
}

function withoutKernelDefaults(options: BondOptions): BondOptions {
  const { mode } = options;
  const bare = mode === undefined ? {} : { mode };
  return Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => !isSame(value, optionInForce(name === "mode" ? {} : bare, name as OptionName)),
    ),
  ) as BondOptions;
}

type Bridge = NonNullable<Interface["bridge"]>;

/** A bridge without spanning tree lets its ports forward at once, whatever the tree's timers say; and the kernel's own values need
 *  no saying. Source: br_make_forwarding() of net/bridge/br_stp.c */
function withoutIdleTree(bridge: Bridge): Bridge {
  const said = { ...kernelBridge, ...bridge.settings };
  const isOff = said.stp_state === "0";
  const settings = Object.entries(bridge.settings).filter(
    ([key, value]) =>
      !(isOff && timersOfTree.has(key)) && (kernelBridge as Readonly<Record<string, string>>)[key] !== value,
  );
  return { ...bridge, settings: Object.fromEntries(settings) };
}

const timersOfTree: ReadonlySet<string> = new Set(["forward_delay", "hello_time", "max_age", "priority"]);

function withoutAdvertisements({ acceptRa: _, ...rest }: IpSettings): IpSettings {
  return rest;
}

function withAdvertisementsAsMethod(ipv6: IpSettings): IpSettings {
  const { acceptRa, ...rest } = ipv6;
  if (acceptRa !== true || !["none", "manual", "static", "auto"].includes(ipv6.method)) return ipv6;
  return { ...rest, method: "auto" };
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
    interfaces: config.interfaces.map((said, at) => {
      const iface = source === target ? said : withWaitingOf(withoutOfferedDefault(said), target.name);
      const here = meant.interfaces[at] ?? iface;
      const there = changed.interfaces[at] ?? iface;
      return {
        ...kept(iface, here, there),
        start: source === target ? iface.start : here.start,
        extra: withoutAffairs(iface.extra, source, target),
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

type DefaultsOf = Pick<Dialect, "spellOutDefaults" | "isOwnAffair"> & Partial<Pick<Dialect, "name">>;

function withoutAffairs(extra: Interface["extra"], source: DefaultsOf, target: DefaultsOf): Interface["extra"] {
  return source === target ? extra : extra.filter((one) => source.isOwnAffair?.(one) !== true);
}

/** What was said, and of the source's own values those that the target would not bring by itself. */
function kept<T extends object>(said: T, source: T, target: T): T {
  const entries = Object.entries(source).filter(
    ([key, value]) =>
      !(key in said) && JSON.stringify(value) !== JSON.stringify((target as Record<string, unknown>)[key]),
  );
  return { ...said, ...Object.fromEntries(entries) } as T;
}
