import { describe, expect, test } from "vitest";
import { unaccounted } from "../../src/dialects/account.ts";
import { nmstate } from "../../src/dialects/nmstate/nmstate.ts";
import { corpusFiles, corpusMissing } from "./corpus.ts";

const path = "/etc/nmstate/state.yml";

interface Pair {
  readonly yaml?: readonly string[];
  readonly input?: Readonly<Record<string, string>>;
  readonly expect_error?: boolean;
}

const states = ["wild/nmstate", "peer-fixture/nmstate"].flatMap(corpusFiles);
const pairs = corpusFiles("peer-pair/nmstate").map(({ name, text }) => ({ name, pair: JSON.parse(text) as Pair }));

/** A state, an interface or a list of them, as that project's tests give them, as a state. */
function asState(yaml: string): string {
  const lines = yaml.replace(/^---\n/, "").split("\n");
  const indent = lines.find((line) => line.trim() !== "")?.search(/\S/) ?? 0;
  const text = lines.map((line) => line.slice(Math.min(indent, line.search(/\S|$/)))).join("\n");
  if (/^(?:interfaces|capture|desiredState|routes|dns-resolver|apiVersion|---):?/m.test(text)) return text;
  if (text.startsWith("-")) return `interfaces:\n${text}`;
  return `interfaces:\n- ${text.replaceAll("\n", "\n  ")}`;
}

/** What nmstate refuses and a look at the wanted state alone can't tell. */
const needsTheHost: Readonly<Record<string, string>> = {
  "peer-pair-nmstate-015.json": "the bond's fail_over_mac is the running one's",
  "peer-pair-nmstate-031.json": "which of the two is InfiniBand is known of the running one",
  "peer-pair-nmstate-040.json": "the parent goes with the second state, the VLAN is in the first",
};

/** States that are good for nmstate and not for us. */
const stricter: Readonly<Record<string, string>> = {
  "wild-nmstate-008.state.yaml": "its address lacks the blank after the colon, and nmstate refuses it too",
  "peer-pair-nmstate-009.json": "read by its author to see the types only: the kernel refuses these options together",
  "peer-pair-nmstate-020.json": "read by its author to see the types only",
  "peer-pair-nmstate-027.json": "the running bond's mode is the one that is given up",
  "peer-pair-nmstate-041.json": "its two states are of different moments",
  "peer-pair-nmstate-026.json": "the controller is an Open vSwitch bridge",
};

describe.skipIf(corpusMissing !== undefined)(`the nmstate corpus${corpusMissing ? `: ${corpusMissing}` : ""}`, () => {
  test.each(states)("$name means the same after it was written anew, and raises no error", ({ name, text }) => {
    const { config, diagnostics } = nmstate.parse(new Map([[path, text]]));
    expect(unaccounted(nmstate, config, nmstate.render(config))).toEqual([]);
    if (stricter[name] !== undefined) return;
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(nmstate.detect(new Map([["state.yaml", text]]))).toBeGreaterThan(0.5);
  });

  test.each(pairs)("$name is judged as its project judges it", ({ name, pair }) => {
    const texts = [...(pair.yaml ?? []), ...Object.values(pair.input ?? {})].map(asState);
    const found = texts.flatMap((text) => nmstate.parse(new Map([[path, text]])).diagnostics);
    for (const text of texts) {
      const { config } = nmstate.parse(new Map([[path, text]]));
      expect(unaccounted(nmstate, config, nmstate.render(config))).toEqual([]);
    }
    const errors = found.filter(({ severity }) => severity === "error").map(({ message }) => message);
    const told = found.filter(({ severity }) => severity !== "advice");
    if (pair.expect_error === true && needsTheHost[name] === undefined) expect(told).not.toEqual([]);
    if (pair.expect_error !== true && stricter[name] === undefined) expect(errors).toEqual([]);
  });
});
