import { parseHoldfast } from "../config/parse-holdfast.ts";
import { renderHoldfast } from "../config/render.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Config } from "../model/config.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { readTree } from "../syntax/yaml-tree.ts";
import { annotate } from "./annotate.ts";
import type { Answers } from "./answers.ts";
import { compose } from "./compose.ts";
import type { Draft } from "./draft.ts";
import { keeps } from "./keeps.ts";
import { layOut } from "./lay-out.ts";
import { mergeDocument } from "./merge-document.ts";
import { notesOn } from "./notes.ts";

/** A holdfast.yaml, as it would be written. */
export interface Proposal {
  readonly text: string;
  /** What the text says, read back. */
  readonly config: Config;
  /** What a holdfast.yaml can't say of what was found. */
  readonly losses: readonly Diagnostic[];
}

/** The holdfast.yaml for what is known: a new one with comments, or the one that is there with what it lacks. Fails where the text that
 *  is there can't be changed for sure; it is then left to its owner. */
export function propose(
  draft: Draft,
  existing?: { readonly file: string; readonly text: string },
): Result<Proposal, string> {
  const config = existing === undefined ? compose(draft) : unsaidAsBefore(draft, compose(draft));
  const { text, losses } = renderHoldfast(config);
  const file = existing?.file ?? "holdfast.yaml";
  const fresh = annotate(file, layOut(file, text), notesOn(draft, config));
  const merging = { asked: askedIn(draft.answers), meant: renderHoldfast(draft.base).text };
  const merged = (before: string) => mergeDocument(file, before, fresh, merging);
  const whole = existing === undefined ? fresh : merged(existing.text);
  const read = parseHoldfast(file, whole);
  const isSound = read.diagnostics.every(({ severity }) => severity !== "error");
  if (existing !== undefined && whole !== existing.text) {
    const [before, after] = [existing.text, whole].map((each) => readTree(file, each).tree);
    const isMeant = isSound && keeps(before, after, merging.asked) && merged(whole) === whole;
    if (!isMeant) return failed("its text is laid out in a way that can't be added to for sure");
  }
  return ok({ text: whole, config: read.config, losses: existing === undefined ? losses : [] });
}

/** What somebody's own file leaves to the defaults is left to them, and the ports it names by name are known by name. */
function unsaidAsBefore({ base }: Draft, { targets: _, objectives: __, ...config }: Config): Config {
  const { targets, objectives } = base;
  const named = new Set(base.bonds.flatMap(({ ports }) => ports));
  const interfaces = config.interfaces.map((one) => {
    const before = base.interfaces.find(({ name }) => name === one.name);
    const { match: ___, ...rest } = one;
    return named.has(one.name) && before?.match === undefined ? rest : one;
  });
  return { ...config, interfaces, targets, ...(objectives === undefined ? {} : { objectives }) };
}

/** Places whose values the answers speak of: there the answer counts, whatever stood there. */
function askedIn({ primary, address, gateway, dns }: Answers): readonly string[] {
  return [
    ...(primary === undefined ? [] : ["bond.primary"]),
    ...(address === undefined ? [] : ["bond.address", "bond.dhcp", "bond.gateway", "bond.dns"]),
    ...(gateway === undefined ? [] : ["bond.gateway"]),
    ...(dns === undefined ? [] : ["bond.dns"]),
  ];
}
