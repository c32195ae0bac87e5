import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import { renderHoldfast } from "../../src/config/render.ts";
import type { Diagnostic, FileSet } from "../../src/diagnostic/diagnostic.ts";
import { dialectNamed, languages } from "../../src/dialects/registry.ts";
import { type Config, emptyConfig } from "../../src/model/config.ts";
import { hostConfig } from "../../test/arbitrary/host-config.ts";
import { corpusCases } from "../../test/corpus/cases.ts";
import type { Material } from "./mutate.ts";

/** What a parser makes of files. */
export interface WhatWasRead {
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
}

/** A parser under fire, and what is fired. */
export interface FuzzSubject extends Material {
  readonly name: string;
  readonly read: (files: FileSet) => WhatWasRead;
  /** Absent: the language is only read. */
  readonly write?: (config: Config) => FileSet;
}

/** What the corpus calls a language, where not as we do. */
const inCorpus: Readonly<Record<string, string>> = {
  networkmanager: "nm-keyfile",
  "cloud-init": "cloud-init-network-config",
};

/* A language that is only read has nothing rendered to begin with. */
const cloudInit = `version: 1
config:
  - type: physical
    name: eth0
    mac_address: "02:00:00:00:00:01"
  - type: bond
    name: bond0
    bond_interfaces: [eth0, eth1]
    params: {bond-mode: active-backup, bond_miimon: 100}
    subnets:
      - {type: static, address: 10.0.0.5, netmask: 255.255.255.0, gateway: 10.0.0.1}
      - {type: dhcp6}
  - {type: nameserver, address: [9.9.9.9], search: [lan.example]}
`;

/** Every language that is read, holdfast.yaml too, with configurations of its own: rendered from random hosts, and of the corpus
 *  where that lies beside the repository. */
export function fuzzSubjects(seed: number): readonly FuzzSubject[] {
  const configs = [...fc.sample(hostConfig(), { numRuns: 40, seed }), emptyConfig];
  const all = languages.map((language): FuzzSubject => {
    const dialect = dialectNamed(language.name);
    const write = dialect === undefined ? undefined : (config: Config) => dialect.render(config).files;
    const own = write === undefined ? cloudInitSeeds(configs) : configs.map(write);
    const read = (files: FileSet): WhatWasRead => language.parse(files);
    const seeds = [...own, ...corpusSeeds(language.name, own)];
    return { name: language.name, read, ...(write === undefined ? {} : { write }), seeds, lines: linesOf(seeds) };
  });
  return [...all, holdfast(configs)];
}

const holdfastPath = "/etc/holdfast/holdfast.yaml";

function holdfast(configs: readonly Config[]): FuzzSubject {
  const write = (config: Config): FileSet => new Map([[holdfastPath, renderHoldfast(config).text]]);
  const read = (files: FileSet): WhatWasRead => parseHoldfast(holdfastPath, files.get(holdfastPath) ?? "");
  const examples = readdirSync("examples").filter((name) => name.endsWith(".yaml"));
  const seeds = [
    ...configs.map(write),
    ...examples.map((name) => new Map([[holdfastPath, readFileSync(join("examples", name), "utf8")]])),
  ];
  return { name: "holdfast", read, write, seeds, lines: linesOf(seeds) };
}

function cloudInitSeeds(configs: readonly Config[]): readonly FileSet[] {
  const path = "/etc/cloud/cloud.cfg.d/50-network.cfg";
  const netplan = dialectNamed("netplan");
  const texts = configs.flatMap((config) => [...(netplan?.render(config).files.values() ?? [])]);
  return [cloudInit, ...texts].map((text) => new Map([[path, text]]));
}

/** The corpus' cases, in the folder where files of the language lie. */
function corpusSeeds(name: string, own: readonly FileSet[]): readonly FileSet[] {
  const folder = dirname([...(own[0]?.keys() ?? [])][0] ?? "/etc/x");
  return corpusCases(inCorpus[name] ?? name).map(
    ({ files }) => new Map([...files].map(([path, text]) => [join(folder, basename(path)), text])),
  );
}

function linesOf(seeds: readonly FileSet[]): readonly string[] {
  return [...new Set(seeds.flatMap((files) => [...files.values()].flatMap((text) => text.split("\n"))))];
}
