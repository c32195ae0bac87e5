import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import { renderAccounted } from "../dialects/account.ts";
import type { Dialect, HostFacts, Loss, Rendered } from "../dialects/dialect.ts";
import type { Config, Interface } from "../model/config.ts";
import { differences } from "../model/differences.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { amenders } from "./amenders.ts";
import { concernedNames, obstaclesOf, standingOn, withKept } from "./concerned.ts";
import { smallestEdit } from "./smallest-edit.ts";

/** The files of a host with what is wanted in place of what they said of the same interfaces. */
export interface Merged {
  /** Every file of the language; what was there and isn't in it goes. */
  readonly files: FileSet;
  /** Files with a secret in them, as the dialect says. */
  readonly secret: ReadonlySet<string>;
  /** What the files said before, and what they say now. */
  readonly before: Config;
  readonly after: Config;
  /** What is asked for, with what the files said before and nobody asked to drop. */
  readonly wanted: Config;
  /** Interfaces whose configuration is replaced. */
  readonly names: ReadonlySet<string>;
  readonly losses: readonly Loss[];
}

/** Puts what is wanted into the files of a host. The whole host as read again must be what it was, with what is wanted in the place of
 *  what was said of the same interfaces: else it fails, and says in what it would differ. */
export function mergeInto(
  dialect: Dialect,
  files: FileSet,
  wanted: Config,
  facts: HostFacts,
): Result<Merged, readonly Diagnostic[]> {
  const amend = amenders[dialect.name];
  if (amend === undefined) return failed([noPlanFor(dialect)]);
  const before = dialect.parse(files, facts);
  const names = concernedNames(before.config, wanted);
  const obstacles = obstaclesOf(before.config, wanted, names);
  if (obstacles.length > 0) return failed(obstacles);
  const kept = withKept(before.config, wanted);
  const rendered = renderWith(dialect, kept, standingOn(before.config, names));
  const back = dialect.parse(rendered.files, facts);
  const expected = together(before.config, back.config, names);
  const found = { before: before.config, wanted: kept, names, losses: rendered.losses };
  const merged = (result: FileSet): Merged => ({
    ...found,
    files: result,
    after: dialect.parse(result, facts).config,
    secret: rendered.secret ?? new Set(),
  });
  if (differences(before.config, expected).length === 0) return ok(merged(files));
  const small = smallestEdit({ files, before, written: rendered.files, back, expected });
  if (small !== undefined && differences(dialect.parse(small, facts).config, expected).length === 0)
    return ok(merged(small));
  const about = new Set([...names].flatMap((name) => before.origins.get(`interface/${name}`)?.file ?? []));
  const amended = amend({ files, names, written: rendered.files, about });
  if (!amended.ok) return amended;
  const result = merged(amended.value);
  const wrong = differences(result.after, expected).filter((key) => !isOnlyRecognised(key, result));
  return wrong.length === 0 ? ok(result) : failed([notProven(wrong)]);
}

/** Writes what is wanted. What a unit or profile of an interface says of bridges and VLANs above it is written along; they aren't. */
function renderWith(dialect: Dialect, wanted: Config, above: readonly Interface[]): Rendered {
  const rendered = renderAccounted(dialect, wanted);
  if (above.length === 0 || !saysWhatStandsAbove.has(dialect.name)) return rendered;
  const context = above.map((iface) => ({ ...iface, extra: [], hooks: [] }));
  const whole = dialect.render({ ...wanted, interfaces: [...wanted.interfaces, ...context] }).files;
  return { ...rendered, files: new Map([...rendered.files].map(([path, text]) => [path, whole.get(path) ?? text])) };
}

/** Languages in which the lower one names the upper one: VLAN= and Bridge= of networkd, NetworkManager's master=. */
const saysWhatStandsAbove: ReadonlySet<string> = new Set(["networkd", "networkmanager"]);

/** The host as it was, less what was said of the names, with what is said of them now. */
function together(before: Config, now: Config, names: ReadonlySet<string>): Config {
  const isForeign = ({ name }: { readonly name: string }) => !names.has(name);
  return {
    ...before,
    bonds: [...before.bonds.filter(isForeign), ...now.bonds],
    interfaces: [...before.interfaces.filter(isForeign), ...now.interfaces],
  };
}

/** A link that is no port any more may still be told from others by its hardware (a .link gives it its name), if that is all. */
function isOnlyRecognised(key: string, { after, names, wanted }: Merged): boolean {
  const name = /^interface\/([^/]+)$/.exec(key)?.[1] ?? "";
  const iface = after.interfaces.find((one) => one.name === name);
  if (iface?.match === undefined || !names.has(name)) return false;
  const isWanted = wanted.interfaces.some((one) => one.name === name);
  const isPort = after.bonds.some(({ ports }) => ports.includes(name));
  const isBare = [iface.ipv4, iface.ipv6].every(({ method }) => method === "none" || method === "manual");
  return !isWanted && !isPort && isBare;
}

function noPlanFor(dialect: Dialect): Diagnostic {
  return {
    code: "plan-no-backend",
    severity: "error",
    message: `Holdfast can't change files of ${dialect.title} on a running host`,
    hint: `Write them with holdfast render --to ${dialect.name} --out DIR, and put them in place under holdfast guard.`,
  };
}

function notProven(keys: readonly string[]): Diagnostic {
  const shown = keys.slice(0, 5).join(", ");
  const more = keys.length > 5 ? `, and ${keys.length - 5} more` : "";
  return {
    code: "plan-cannot-merge",
    severity: "error",
    message: `what the files say now and what is wanted can't be put together for sure: ${shown}${more} would not come out as they should`,
    hint: "Take what concerns the bond and its ports out of the files by hand, or look for something there that speaks of several interfaces at once.",
  };
}
