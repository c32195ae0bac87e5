import { describe, expect, test } from "vitest";
import { languageNamed } from "../../src/dialects/registry.ts";
import type { Config } from "../../src/model/config.ts";
import { differences } from "../../src/model/differences.ts";
import { corpusFiles, corpusMissing } from "./corpus.ts";

/* Two programs that describe one host in several languages: what each of them wrote must be the same host to us, too. Of RHEL's
 * ifcfg files and wicked's, whose own readers Debian has not, this is the only word from outside. */

interface Pair {
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

const pairsOf = (folder: string) =>
  corpusFiles(`peer-pair/${folder}`).map(({ name, text }) => ({
    name: name.replace(/^.*-(\d+)\.json$/, "$1"),
    pair: JSON.parse(text) as Pair,
  }));

/** What a language reads in files; those with a mere name lie in its folder. */
function read(language: string, folder: string, files: unknown): Config {
  const named = typeof files === "string" ? { interfaces: files } : (files as Readonly<Record<string, string>>);
  const onHost = Object.entries(named).map(([path, text]): [string, string] => [
    path.startsWith("/") ? path : path.includes("/") ? `/${path}` : folder + path,
    text,
  ]);
  const { config } = languageNamed(language)?.parse(new Map(onHost)) ?? { config: undefined };
  if (config === undefined) throw new Error(`no language ${language}`);
  // How an interface is started, and what is only one program's, no two languages say alike.
  const bare = config.interfaces.map((iface) => ({ ...iface, start: "boot" as const, hooks: [], extra: [] }));
  return { ...config, interfaces: bare };
}

/** A part that differs, and why. */
type Reasons = readonly (readonly [part: RegExp, why: string])[];

function unexplained(one: Config, other: Config, reasons: Reasons): readonly string[] {
  return differences(one, other).filter((key) => !reasons.some(([part]) => part.test(key)));
}

const machines = pairsOf("equinix-metadata");

const ofMachines: Reasons = [
  [
    /^interface\/[^/]+\/(mac|match\/mac)$/,
    "RHEL finds ports by HWADDR; the bond's address is set by a script beside its files",
  ],
  [
    /^interface\/bond0:0$|^interface\/bond0\/ipv4\/(addresses|routes)$/,
    "a second address is an alias, which ifupdown has as an interface",
  ],
  [/^interface\/bond1\/dns\/servers$/, "written into every file of RHEL's"],
  [/^bond\/bond0\/option\/lacp_rate$/, "in the module's options beside RHEL's files, in a mode that has none"],
];

describe.skipIf(corpusMissing !== undefined)(
  `one machine in several languages${corpusMissing ? `: ${corpusMissing}` : ""}`,
  () => {
    test.each(machines)(
      "$name: Debian's, Ubuntu's and Rocky Linux's files mean the same bonds",
      ({ pair: { expected } }) => {
        const debian = read("ifupdown", "/etc/network/", expected["debian-12"]);
        const rocky = read("ifcfg-rh", "/etc/sysconfig/network-scripts/", expected["rocky-9"]);
        expect(debian.bonds.length).toBeGreaterThan(0);
        expect(unexplained(debian, read("ifupdown", "/etc/network/", expected["ubuntu-22.04"]), [])).toEqual([]);
        expect(unexplained(debian, rocky, ofMachines)).toEqual([]);
      },
    );
  },
);

const clouds = pairsOf("cloud-init-network-config");

const byName: Reasons = [
  [/\/match(\/mac|\/driver)?$/, "links have their names already when the files are written"],
  [/^interface\/ib0/, "InfiniBand is in none of them"],
  [/\/dns\/(search|servers)$/, "what is said of the whole host is on every link of ours"],
];

const languages: readonly (readonly [kind: string, language: string, folder: string, reasons: Reasons])[] = [
  [
    "expected_sysconfig_rhel",
    "ifcfg-rh",
    "/etc/sysconfig/network-scripts/",
    [
      ...byName,
      [
        /^bond\/bond0\/option\/(fail_over_mac|num_peer_notif|primary_reselect|xmit_hash_policy)$/,
        "it writes five options (004)",
      ],
      [/\/ipv6\/acceptRa$/, "it forbids advertisements beside a static address"],
      [/^interface\/br0\/bridge\/(forward_delay|hello_time|max_age)$/, "it writes none of them"],
      [/^interface\/eth0\.101\/mac$/, "it writes none for a VLAN"],
    ],
  ],
  [
    "expected_eni_ip_cmd",
    "ifupdown",
    "/etc/network/",
    [
      ...byName,
      [/\/ipv[46]\/routes$/, "its commands carry `|| true`, and aren't read as routes"],
      [
        /^interface\/br0\/bridge\/(gcint|pathcost|portprio|waitport)$/,
        "words of bridge-utils that netplan has none for",
      ],
      [/^interface\/lo$/, "the host's name servers are written there"],
    ],
  ],
  [
    "expected_networkd",
    "networkd",
    "/etc/systemd/network/",
    [
      ...byName,
      [
        /^bond\/bond0\/option\/(lp_interval|packets_per_slave)$/,
        "not in this mode: networkd leaves them be, netplan refuses",
      ],
      [/^interface\/br2\/bridge\/(forward_delay|stp_state)$/, "it writes neither"],
    ],
  ],
];

describe.skipIf(corpusMissing !== undefined)(
  `what cloud-init writes in several languages${corpusMissing ? `: ${corpusMissing}` : ""}`,
  () => {
    test.each(
      languages.flatMap(([kind, ...rest]) =>
        clouds.flatMap(({ name, pair }) =>
          pair.expected[kind] === undefined ? [] : [[name, kind, pair, rest] as const],
        ),
      ),
    )("%s: %s means what its input does", (_name, kind, { input, expected }, [language, folder, reasons]) => {
      const [said] = Object.values(input);
      const text = typeof said === "string" ? said : JSON.stringify(said);
      const meant = read("cloud-init", "", { "/network-config": text });
      expect(meant.bonds.length).toBeGreaterThan(0);
      expect(unexplained(meant, read(language, folder, expected[kind]), reasons)).toEqual([]);
    });

    test.each([
      ["004", "updelay=20: it is smaller than miimon"],
      ["006", "xmit_hash_policy=layer3+4: wicked takes it in balance-xor and 802.3ad only"],
    ])("%s: of what it writes for wicked, wicked makes no bond, and why is said", (number, why) => {
      const files = clouds.find(({ name }) => name === number)?.pair.expected["expected_sysconfig_opensuse"];
      const onHost = Object.entries(files as object).map(([name, text]): [string, string] => [
        `/etc/sysconfig/network/${name}`,
        String(text),
      ]);
      const { config, diagnostics } = languageNamed("wicked")?.parse(new Map(onHost)) ?? { config: undefined };
      expect(config?.bonds).toEqual([]);
      expect(diagnostics?.map(({ message }) => message).join("\n")).toContain(why);
    });
  },
);
