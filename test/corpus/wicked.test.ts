import { describe, expect, test } from "vitest";
import { unaccounted } from "../../src/dialects/account.ts";
import { detectDialect } from "../../src/dialects/registry.ts";
import { wicked } from "../../src/dialects/wicked/wicked.ts";
import type { Config } from "../../src/model/config.ts";
import { type CorpusCase, corpusCases } from "./cases.ts";
import { corpusMissing } from "./corpus.ts";

const cases = corpusCases("wicked").filter(({ kind }) => kind !== "peer-pair");
const pairs = corpusCases("wicked").filter(({ kind }) => kind === "peer-pair");

interface Pair {
  readonly input: Readonly<Record<string, string>>;
  readonly wicked_xml: Readonly<Record<string, string>>;
}

/** The test suite keeps its files in a pool under longer names, and copies each to ifcfg-bond0. */
function read({ files }: CorpusCase): ReturnType<typeof wicked.parse> {
  return wicked.parse(
    new Map([...files].map(([name, text]) => [`/etc/sysconfig/network/${name.replace(/-bond0-.*/, "-bond0")}`, text])),
  );
}

function pairOf({ files }: CorpusCase): Pair {
  const [text = "{}"] = files.values();
  return JSON.parse(text) as Pair;
}

/** What wicked's own XML says of an interface, in the words this test compares. */
interface Said {
  readonly name: string;
  readonly [what: string]: unknown;
}

function fromXml(xml: string): readonly Said[] {
  const all = (text: string, tag: string): readonly string[] =>
    [...text.matchAll(new RegExp(`<${tag}>\\s*([^<]*?)\\s*</${tag}>`, "g"))].map(([, value = ""]) => value);
  return [...xml.matchAll(/<interface>([\s\S]*?)<\/interface>/g)].map(([, text = ""]) => ({
    name: all(text, "name")[0] ?? "",
    // Its own word for the mode.
    mode: all(text, "mode")[0]?.replace("ieee802-3ad", "802.3ad"),
    miimon: all(text, "frequency").map(Number)[0],
    ports: text.includes("<bond>") ? all(text, "device") : undefined,
    bridged: text.includes("<bridge>") ? all(text, "device") : undefined,
    stp: text.includes("<stp>true</stp>") ? "1" : undefined,
    delay: all(text, "forward-delay")[0],
    vlan: text.includes("<vlan>") ? { parent: all(text, "device")[0], id: Number(all(text, "tag")[0]) } : undefined,
    addresses: all(text, "local"),
  }));
}

function fromModel({ bonds, interfaces }: Config): readonly Said[] {
  return interfaces.map(({ name, bridge, vlan, ipv4, ipv6 }) => {
    const bond = bonds.find((one) => one.name === name);
    return {
      name,
      mode: bond?.options.mode,
      miimon: bond?.options.miimon,
      ports: bond?.ports,
      bridged: bridge?.ports,
      stp: bridge?.settings["stp_state"],
      delay: bridge?.settings["forward_delay"],
      vlan,
      addresses: [...ipv4.addresses, ...ipv6.addresses],
    };
  });
}

function sorted(said: readonly Said[]): readonly Said[] {
  return said.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

describe.skipIf(corpusMissing !== undefined)(`the wicked corpus${corpusMissing ? `: ${corpusMissing}` : ""}`, () => {
  test.each(cases)("$id makes a bond, and means the same after it was written anew", (one) => {
    expect(detectDialect(one.files)?.name).toBe("wicked");
    const { config, diagnostics } = read(one);
    expect(diagnostics).toEqual([]);
    expect(config.bonds.map(({ ports }) => ports)).toEqual([["eth0", "eth1"]]);
    const rendered = wicked.render(config);
    expect(unaccounted(wicked, config, rendered)).toEqual([]);
    expect(wicked.render(wicked.parse(rendered.files).config).files).toEqual(rendered.files);
  });

  test.each(pairs)("$id: the same network as in wicked's own XML", (one) => {
    const { input, wicked_xml: xml } = pairOf(one);
    const files = new Map(Object.entries(input).map(([name, text]) => [`/etc/sysconfig/network/${name}`, text]));
    const { config, diagnostics } = wicked.parse(files);
    expect(diagnostics).toEqual([]);
    expect(sorted(fromModel(config))).toEqual(sorted(fromXml(Object.values(xml).join("\n"))));
  });
});
