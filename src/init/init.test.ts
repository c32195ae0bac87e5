import { describe, expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import { type Config, emptyConfig } from "../model/config.ts";
import { check } from "../rules/check.ts";
import { type Answers, noAnswers } from "./answers.ts";
import { propose } from "./document.ts";
import { draftOf } from "./draft.ts";
import { nextQuestion, type Question } from "./questions.ts";
import { candidates, type Seen } from "./seen.ts";
import { barePi, joinedPi, linkOf, seenOf, twoCables, unplugged } from "./testing/hosts.ts";

const file = "holdfast.yaml";

function proposed(seen: Seen, answers: Answers, base: Config = emptyConfig, before?: string): string {
  const existing = before === undefined ? undefined : { file, text: before };
  const result = propose(draftOf(seen, base, answers), existing);
  if (!result.ok) throw new Error(result.error);
  return result.value.text;
}

const bothHere: Answers["places"] = new Map([
  ["eth0", "router"],
  ["eth1", "same"],
]);

function findingsOn(text: string): readonly string[] {
  const read = parseHoldfast(file, text);
  const found = check({ dialect: "holdfast", files: new Map([[file, text]]), ...read });
  return found.filter(({ severity }) => severity !== "advice").map(({ code, message }) => `${code}: ${message}`);
}

/** What somebody might type where nothing is to choose from. */
function typed({ flag }: Question): readonly string[] {
  if (flag.startsWith("--network")) return ["Home"];
  if (flag.startsWith("--second-router")) return ["192.168.1.1", "192.168.9.1, 192.168.9.105/24"];
  if (flag.startsWith("--gateway")) return ["192.168.1.1"];
  return [];
}

interface Walk {
  readonly answers: Answers;
  readonly asked: readonly string[];
}

/** Every way through the questions. */
function walksThrough(seen: Seen, from: Walk = { answers: noAnswers, asked: [] }): readonly Walk[] {
  const question = nextQuestion(draftOf(seen, emptyConfig, from.answers));
  if (question === undefined) return [from];
  const values = question.choices?.map(({ value }) =>
    value === "ADDRESS/PREFIX" ? "192.168.1.50/24 192.168.1.1" : value,
  );
  // What hangs on the UPS changes nothing else: two of four will do.
  const few = question.flag.startsWith("--ups") ? values?.filter((value) => /none|router/.test(value)) : values;
  return (few ?? typed(question)).flatMap((value) => {
    const read = question.accept(value);
    if (!read.ok && question.choices !== undefined) throw new Error(`${question.text} ${value}: ${read.error}`);
    if (!read.ok) return [];
    return walksThrough(seen, { answers: read.value, asked: [...from.asked, `${question.flag} <- ${value}`] });
  });
}

describe.each([
  ["a bare Raspberry Pi", barePi],
  ["one that has joined a network, on a UPS", joinedPi],
  ["a server with two cables", twoCables],
  ["a host that nobody has set up", unplugged],
])("%s", (_name, seen) => {
  const walks = walksThrough(seen);

  test("is asked five things at most, and what to do with the file is the sixth", () => {
    expect(walks.length).toBeGreaterThan(10);
    expect(walks.filter(({ asked }) => asked.length > 5)).toEqual([]);
  });

  test("gets a file that check has nothing against, whatever is answered", () => {
    for (const { answers, asked } of walks) {
      const found = findingsOn(proposed(seen, answers));
      // Who wants DHCP all the same was told what follows.
      const expected = answers.address === "dhcp" ? found.filter((one) => one.startsWith("dhcp-address")) : [];
      expect([asked, found]).toEqual([asked, expected]);
    }
  });

  test("gets the same file when it is asked for again, and is asked nothing", () => {
    for (const { answers, asked } of walks) {
      const text = proposed(seen, answers);
      const base = parseHoldfast(file, text).config;
      expect([asked, nextQuestion(draftOf(seen, base, noAnswers))?.text]).toEqual([asked, undefined]);
      expect([asked, proposed(seen, noAnswers, base, text)]).toEqual([asked, text]);
    }
  });

  test("no line of the file is too long for a terminal of 80 columns", () => {
    const lines = walks.flatMap(({ answers }) => proposed(seen, answers).split("\n"));
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("what is seen", () => {
  test("isn't asked for: the network a radio has joined, the fixed address, the UPS's own estimate", () => {
    const flags = walksThrough(joinedPi).flatMap(({ asked }) => asked);
    expect(flags.filter((flag) => flag.startsWith("--network"))).toEqual([]);
    expect(
      walksThrough(twoCables)
        .flatMap(({ asked }) => asked)
        .filter((flag) => /--address/.test(flag)),
    ).toEqual([]);
    const text = proposed(joinedPi, {
      ...noAnswers,
      places: new Map([
        ["eth0", "router"],
        ["wlan0", "router"],
      ]),
      address: "keep",
      ups: ["host"],
    });
    expect(text).toContain("# Back-UPS 700. How long it lasts is its own estimate.\n    # The agent asks it");
    expect(text).toContain('ups: {kind: ups, runtime: 40m, nut: "ups@localhost"}');
    const measured = { ...noAnswers, places: bothHere, address: "keep", ups: ["host"], upsRuntimeMs: 1_200_000 };
    expect(proposed(joinedPi, measured)).toMatch(/# The agent asks it[^{]*ups: \{kind: ups, runtime: 20m, nut/);
    expect(text).toContain("# Seen with the MAC address 2c:91:ab:00:00:01.");
    expect(text).toContain(
      "# eth0 had it by DHCP: reserve it in the router, so that nobody else gets\n  # it.\n  address: [192.168.1.105/24]",
    );
  });

  test("a UPS that is declared and seen can be asked from now on; which of two it is, nobody knows", () => {
    const declared =
      "topology:\n  devices:\n    router: {kind: router, power: ups}\n  power:\n    ups: {runtime: 1h}   # measured\n";
    const own = `bond:\n  ports: [eth0, eth1]\n  dhcp: true\n${declared}`;
    const base = parseHoldfast(file, own).config;
    const [supply] = joinedPi.around.supplies;
    if (supply === undefined) throw new Error("the joined Pi has a UPS");
    const again = (supplies: typeof joinedPi.around.supplies) =>
      proposed(
        { ...twoCables, around: { ...twoCables.around, supplies } },
        { ...noAnswers, places: bothHere },
        base,
        own,
      );
    expect(again([supply])).toContain('ups: {runtime: 1h, nut: "ups@localhost"}   # measured');
    expect(again([supply, { ...supply, name: "other" }])).not.toContain("nut");
    expect(again([])).not.toContain("nut");
  });

  describe("a USB adapter under a name of the kernel's", () => {
    const usb = (language: string, mac = "00:e0:4c:68:01:02") => {
      const board = linkOf("eth0", { bus: "platform", addresses: ["192.168.1.105/24"] });
      const seen = seenOf([board, linkOf("eth1", { bus: "usb", driver: "r8152", mac, permanentMac: mac })]);
      return { ...seen, host: { ...seen.host, language } };
    };
    const answers = { ...noAnswers, places: bothHere, ups: [] };

    test("is known by its MAC address, where whoever is in charge can do that", () => {
      for (const language of ["networkd", "networkmanager"]) {
        const text = proposed(usb(language), answers);
        expect(text).toMatch(
          /USB, driver r8152\n[\s\S]*So it is known by its MAC address\.\n *- name: eth1\n *match: {mac: "00:e0:4c:68:01:02"}/,
        );
        expect(text).toContain("- eth0\n");
      }
    });

    test("elsewhere it is said how its name is fixed", () => {
      const text = proposed(usb("ifupdown"), answers);
      expect(text).not.toContain("match:");
      expect(text.replaceAll(/\s+#?\s*/g, " ")).toContain(
        "/etc/systemd/network/10-lan1.link with [Match] PermanentMACAddress=00:e0:4c:68:01:02 and [Link] Name=lan1. Say lan1 here then.",
      );
    });

    test("a telephone makes its MAC address up anew: it is known by its name", () => {
      expect(proposed(usb("networkd", "d2:11:22:33:44:55"), answers)).not.toContain("match:");
    });

    test("whose owner named it by name keeps that", () => {
      const own = "bond:\n  ports: [eth0, eth1]\n  dhcp: true\n";
      expect(proposed(usb("networkd"), answers, parseHoldfast(file, own).config, own)).toContain(own);
    });
  });

  test("what can't be a port isn't offered: bridges, containers' ends, ports of a bridge; the best stands first", () => {
    const links = [
      linkOf("lo", { device: "" }),
      linkOf("docker0", { kind: "bridge", device: "" }),
      linkOf("veth1", { kind: "veth", device: "", master: "docker0" }),
      linkOf("wlan0", { isRadio: true }),
      linkOf("eth0", { speedMbps: 100 }),
      linkOf("eth1", { speedMbps: 1000 }),
      linkOf("eth2", { hasCarrier: false }),
      linkOf("eth3", { master: "vmbr0" }),
    ];
    expect(candidates(seenOf(links)).map(({ name }) => name)).toEqual(["eth1", "eth0", "eth2", "wlan0"]);
    // In a container or a lab the ends of pairs are all there is.
    const inside = [linkOf("eth0", { kind: "veth", device: "" }), linkOf("eth1", { kind: "veth", device: "" })];
    expect(candidates(seenOf(inside)).map(({ name }) => name)).toEqual(["eth0", "eth1"]);
    // A virtual end beside a real radio is no port, unless it stands in the bond already.
    const radio = linkOf("wlan0", { isRadio: true });
    const beside = seenOf([linkOf("em1", { kind: "veth", device: "", master: "bond0" }), radio]);
    expect(candidates(beside).map(({ name }) => name)).toEqual(["wlan0"]);
    const bonds = [{ name: "bond0", ports: ["em1"], options: {}, known: [], activePort: "em1" }];
    const bonded = { ...beside, host: { ...beside.host, bonds } };
    expect(candidates(bonded).map(({ name }) => name)).toEqual(["em1", "wlan0"]);
  });

  test("two routers at one address: each port keeps its own MAC address, and the file says why", () => {
    const places = new Map([
      ["eno1", "router"],
      ["eno2", "mobile"],
    ] as const);
    const text = proposed(twoCables, { ...noAnswers, places, second: { gateway: "10.0.0.1" }, ups: [] });
    expect(text).toContain("mobile: {port: eno2, gateway: 10.0.0.1, metered: true}");
    expect(text).toMatch(/# Both routers have one address[\s\S]*fail_over_mac: active/);
    expect(text).toContain("tcp: may-break");
  });
});

describe("a bond that is there", () => {
  const bond = {
    name: "bond7",
    ports: ["eno1", "eno2"],
    options: { mode: "active-backup", miimon: 50, primary: "eno2" },
  } as const;
  const none = { method: "none", addresses: [] } as const;
  const own = {
    name: "bond7",
    start: "boot",
    ipv4: { method: "static", addresses: ["10.0.0.5/24"], gateway: "10.0.0.1" },
    ipv6: none,
    hooks: [],
    extra: [],
  } as const;
  const declared: Config = { ...emptyConfig, bonds: [bond], interfaces: [own] };

  test("is taken over as it is, and only what it hangs on is asked", () => {
    const question = nextQuestion(draftOf(twoCables, declared, noAnswers));
    expect(question?.text).toBe("Where does the cable in eno1 lead?");
    const places = new Map([
      ["eno1", "switch"],
      ["eno2", "same"],
    ] as const);
    const text = proposed(twoCables, { ...noAnswers, places, ups: [] }, declared);
    for (const line of ["name: bond7", "primary: eno2", "miimon: 50ms", "address: [10.0.0.5/24]", "- eno2 – switch"])
      expect(text).toContain(line);
    expect(findingsOn(text)).toEqual([]);
  });
});
