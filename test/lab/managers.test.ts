import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type ManagerName, managerNames } from "../../src/cli/rehearse/managers.ts";
import { type RehearsalRequest, readRehearsal } from "../../src/cli/rehearse/read-rehearsal.ts";
import { runLab } from "../../src/lab/boot.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { tellingLine } from "../../src/measure/telling-line.ts";
import { rehearseScenario } from "./rehearse-scenario.ts";
import { withEngine } from "./with-engine.ts";

let engine: Engine;
withEngine((found) => {
  engine = found;
});

const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const divider = "----";
/** What the kernel has, once the longest updelay of the examples is over. */
const look = `sleep 15; echo; for what in "-d link" address route "-6 route"; do echo ${divider}; ip -j $what; done`;

/** What differs by nature between managers that did the same: it is left out of the comparison, here alone. */
const differences = [
  {
    of: "bond",
    key: "address",
    why: "unless ports keep their own, the bond has the MAC address of the port that came first; networkd gives it one of its own, made of machine-id and name",
  },
  {
    of: "address",
    key: "broadcast",
    why: "ifupdown2 sets none; packets to a subnet's broadcast address go by the kernel's own route",
  },
  { of: "address", key: "noprefixroute", why: "NetworkManager adds the route to the subnet itself, with its metric" },
  { of: "route", key: "metric", why: "NetworkManager gives every device's routes a metric by its type, a bond's 300" },
  { of: "route", key: "protocol", why: "networkd and NetworkManager mark routes they add as static, ip route doesn't" },
  { of: "route", key: "flags", why: "ifupdown adds the gateway with onlink" },
] as const;

type Row = Readonly<Record<string, unknown>>;

/** The bond, the addresses and the routes that came of it, in full. */
interface Seen {
  readonly bond: readonly Row[];
  readonly address: readonly Row[];
  readonly route: readonly Row[];
  /** The scenario and its verdict. */
  readonly verdict: string;
}

type Request = Pick<RehearsalRequest, "path" | "manager" | "topology">;

async function rehearsed(request: Request, afterwards: readonly (readonly string[])[], scenario: string) {
  const reading = await readRehearsal({ ...request, cwd: examples });
  if (!("input" in reading)) throw new Error(JSON.stringify(reading.refused.diagnostics));
  return rehearseScenario(runLab, engine, reading.input, { scenario, afterwards });
}

async function broughtUp(request: Request): Promise<Seen> {
  const { bringUp, scenarios: results } = await rehearsed(request, [["sh", "-c", look]], "cable-eth0");
  const [log = "", ...documents] = bringUp.output.split(`${divider}\n`);
  expect({ exit: bringUp.exit, log: bringUp.exit === 0 ? "" : log }).toEqual({ exit: 0, log: "" });
  const [links = [], addresses = [], ...routes] = documents.map((text) => JSON.parse(text) as readonly Row[]);
  const bonds = links.filter(({ ifname }) => ifname === "bond0");
  return {
    bond: bonds.map((link) => ({ ...link, ports: portsOf(links) })),
    address: addresses.flatMap(addressesOf),
    // Link-local ones hang on the MAC address.
    route: routes.flat().filter(({ dst }) => dst !== "fe80::/64"),
    verdict: results.map(({ id, verdict }) => `${id} ${verdict}`).join(),
  };
}

function portsOf(links: readonly Row[]): readonly unknown[] {
  return links
    .filter(({ master }) => master === "bond0")
    .map(({ ifname }) => ifname)
    .toSorted();
}

function addressesOf({ ifname, addr_info: all }: Row): readonly Row[] {
  return (all as readonly Row[]).filter(({ scope }) => scope === "global").map((one) => ({ ifname, ...one }));
}

/** Less what differs by nature. */
function comparable(seen: Seen) {
  const without = (of: string, rows: readonly Row[]) => {
    const left: readonly string[] = differences.filter((one) => one.of === of).map(({ key }) => key);
    return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !left.includes(key))));
  };
  return {
    bond: without("bond", seen.bond),
    address: without("address", seen.address),
    route: without("route", seen.route),
    verdict: seen.verdict,
  };
}

const cases = ["vdsl-lte.yaml", "two-switches-stp.yaml"];

describe("one holdfast.yaml, brought up by each manager", () => {
  it("comes to the same bond, addresses and routes, and holds the same pulled cable", {
    timeout: 580_000,
  }, async () => {
    const seen: Seen[] = [];
    for (const path of cases) {
      const byManager = new Map<ManagerName, Seen>();
      for (const manager of managerNames) byManager.set(manager, await broughtUp({ path, manager }));
      const all = [...byManager.values()];
      const [first] = all;
      if (first === undefined) throw new Error("no manager");
      for (const [manager, one] of byManager)
        expect({ path, manager, ...comparable(one) }).toEqual({ path, manager, ...comparable(first) });
      expect(first).toMatchObject({
        verdict: "cable-eth0 held",
        bond: [{ ports: ["eth0", "eth1"], linkinfo: { info_data: { primary: "eth0", active_slave: "eth0" } } }],
      });
      expect([first.address.length, first.route.length]).toEqual([1, 2]);
      seen.push(...all);
    }
    // A difference that no manager makes any more has no place in the list.
    for (const { of, key } of differences)
      expect([key, new Set(seen.flatMap((one) => one[of].map((row) => JSON.stringify(row[key])))).size]).not.toEqual([
        key,
        1,
      ]);
  });

  it("a directory of keyfiles is brought up by NetworkManager, its radio as the wire it is in the lab", {
    timeout: 200_000,
  }, async () => {
    const written = await readRehearsal({ path: "powerline-wifi.yaml", cwd: examples, manager: "networkmanager" });
    if (!("input" in written)) throw new Error("the example can't be read");
    const texts = [...written.input.files].map(([path, text]) => [path, text.replaceAll("em1", "eth0")] as const);
    const { bond, address, verdict } = await inDirectory(texts, (path, topology) => broughtUp({ path, topology }));
    expect(bond).toMatchObject([{ ports: ["eth0", "wlan0"], linkinfo: { info_data: { fail_over_mac: "active" } } }]);
    expect(address).toMatchObject([{ ifname: "bond0", local: "192.168.1.105", noprefixroute: true }]);
    expect(verdict).toBe("cable-eth0 held");
  });

  it("says why NetworkManager passes over a profile, whatever else it misses in the lab", {
    timeout: 200_000,
  }, async () => {
    const bond = "[connection]\nid=bond0\ntype=bond\ninterface-name=bond0\n[bond]\nmode=active-backup\n";
    const port = "[connection]\nid=eth0\ntype=ethernet\ninterface-name=eth0\nmaster=bond0\nslave-type=bond\n";
    const texts = [
      ["bond0.nmconnection", `${bond}arp_interval=100\n`],
      ["eth0.nmconnection", port],
    ] as const;
    const { bringUp } = await inDirectory(texts, (path, topology) => rehearsed({ path, topology }, [], "healthy"));
    expect(bringUp.bonds).toEqual([]);
    expect(tellingLine(bringUp.output)).toContain("'arp_interval' option requires 'arp_ip_target'");
  });
});

/** Keyfiles in a directory of no particular name, beside what their host hangs on. */
async function inDirectory<T>(
  texts: readonly (readonly [path: string, text: string])[],
  action: (path: string, topology: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-keyfiles-"));
  try {
    mkdirSync(join(directory, "profiles"));
    for (const [path, text] of texts) writeFileSync(join(directory, "profiles", basename(path)), text);
    writeFileSync(join(directory, "holdfast.yaml"), around);
    return await action(join(directory, "profiles"), join(directory, "holdfast.yaml"));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What the host of the keyfiles hangs on. */
const around = `
bond:
  primary: eth0
  ports: [eth0, { name: wlan0, wifi: { ssid: BTHub-2211, open: true } }]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
topology:
  devices:
    router: { kind: router, address: 192.168.1.254/24, dhcp: true, dns: true, wifi: BTHub-2211 }
  cables: [eth0 – router]
`;
