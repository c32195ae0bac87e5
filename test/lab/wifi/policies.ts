import { parseHoldfast } from "../../../src/config/parse-holdfast.ts";
import { runLab } from "../../../src/lab/boot.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { guestPackages } from "../../../src/lab/packages.ts";
import { chooseRadioLinks } from "../../../src/lab/radio-links.ts";
import { rehearse } from "../../../src/lab/rehearse.ts";
import type { Rehearsal, ScenarioResult } from "../../../src/measure/rehearsal.ts";
import type { Config } from "../../../src/model/config.ts";
import { allScenarios } from "../../../src/topology/scenarios.ts";
import { engineOrReason } from "../booting.ts";

/** A bond of Ethernet and Wi-Fi under each policy of fail_over_mac, made by plain commands so that nothing but the policy differs.
 *  Prints a line for each question; docs/decisions/0025 holds the answers. */

const ssid = "Home";
/** What the lab puts in the place of a key that is kept in a file. */
const key = "not the real key, the lab's";
const repeats = 20;

const house = (more: string): Config => {
  const text = `bond:
  name: bond0
  primary: em1
  ports:
    - em1
    - name: wlan0
      wifi: { ssid: ${ssid}, psk: { file: home.psk } }
  address: 192.168.1.105/24
  gateway: 192.168.1.254
targets: [gateway]
topology:
  devices:
    plc-a: { kind: powerline }
    plc-b: { kind: powerline }
    router: { kind: router, address: 192.168.1.254/24, dhcp: true, wifi: ${ssid} }
${more}  cables:
    - em1 – plc-a
    - plc-a ~ plc-b
    - plc-b – router
`;
  return parseHoldfast("house.yaml", text).config;
};

const network = `network={\n  ssid="${ssid}"\n  psk="${key}"\n}\n`;

/** The bond, by hand; `on`: what bears the address. */
function make(policy: string, on: "bond0" | "br0" | "br0-with-mac" | "lease"): string {
  const bridge = [
    "ip link add br0 type bridge forward_delay 0",
    ...(on === "br0-with-mac" ? ["ip link set br0 address 02:00:00:00:99:01"] : []),
    "ip link set bond0 master br0",
    "ip link set br0 up",
  ];
  const bearer = on === "br0" || on === "br0-with-mac" ? "br0" : "bond0";
  const address = [`ip addr add 192.168.1.105/24 dev ${bearer}`, `ip route add default via 192.168.1.254`];
  return [
    `ip link add bond0 type bond mode active-backup miimon 100 fail_over_mac ${policy}`,
    "ip link set em1 master bond0",
    "ip link set wlan0 master bond0",
    "ip link set bond0 type bond primary em1",
    "ip link set bond0 up",
    "wpa_supplicant -B -i wlan0 -c /etc/wpa.conf",
    ...(bearer === "br0" ? bridge : []),
    ...(on === "lease" ? leases : address),
  ].join("\n");
}

/** One lease by Ethernet, another start of the same client by Wi-Fi. */
const leases = [
  'held() { ip -4 -o addr show dev bond0 | while read -r _ _ _ cidr _; do echo "LEASE $1 $cidr"; done; }',
  "sleep 10",
  "dhclient -1 -q bond0; held ethernet",
  "ip link set bond0 type bond active_slave wlan0; sleep 2; held moved",
  "dhclient -x -q bond0; ip addr flush dev bond0; rm -f /var/lib/dhcp/*.leases",
  "timeout 30 dhclient -1 -q bond0; held started-on-wifi",
  "ip link set bond0 type bond active_slave em1; sleep 1; ip link set bond0 type bond primary em1",
];

interface Ask {
  readonly config: Config;
  readonly script: string;
  readonly scenarios: readonly string[];
  readonly repeat: number;
}

async function run(engine: Engine, ask: Ask): Promise<Rehearsal> {
  const packages = [...guestPackages, "hostapd", "iw", "wpasupplicant"];
  const radios = await chooseRadioLinks(engine, ask.config, packages);
  const ran = await rehearse(runLab, {
    subject: "policies",
    config: ask.config,
    files: { "/etc/wpa.conf": network },
    bringUp: { manager: "ip", commands: [["sh", "-c", ask.script]] },
    scenarios: allScenarios(ask.config).filter(({ id }) => ask.scenarios.includes(id)),
    repeat: ask.repeat,
    engine,
    maxBonds: 0,
    radios,
    packages,
    labs: 1,
    limitMs: 30_000,
    onProgress: () => undefined,
  });
  if (!ran.ok) throw new Error(`${ran.error.message} ${ran.error.hint}`);
  return ran.value;
}

function said({ id, stats, reselectMs, lost, sent, tcp, flows, sights = [] }: ScenarioResult): string {
  const share = (way: "toHost" | "fromHost") => {
    const flow =
      flows.find((one) => one.flow === "lan" && one.direction === way) ?? flows.find((one) => one.direction === way);
    return flow === undefined || flow.sent === 0 ? "–" : `${flow.lost}/${flow.sent}`;
  };
  const back = `back ${reselectMs.toHost ?? "never"}/${reselectMs.fromHost ?? "never"}`;
  const seen = sights.map(({ when, neighbour }) => `${when}=${neighbour?.mac ?? "–"}`).join(" ");
  const outage = `outage ${stats.median ?? "never"}/${stats.p95 ?? "never"}/${stats.worst ?? "never"}`;
  return `${id}: ${outage}; ${back}; lost ${lost}/${sent} (in ${share("toHost")}, out ${share("fromHost")}); tcp ${tcp.survived ? tcp.stallMs : "broke"}; LAN sees ${seen}`;
}

async function measure(engine: Engine, policy: string): Promise<void> {
  const say = (what: string, text: string): void => void process.stdout.write(`${policy} | ${what} | ${text}\n`);
  const plain = house("");
  const failing = await run(engine, {
    config: plain,
    script: make(policy, "bond0"),
    scenarios: ["cable-em1"],
    repeat: repeats,
  });
  say("notes", failing.notes.join(" · "));
  say("bond", `${JSON.stringify(failing.bringUp.bonds)} ${failing.bringUp.output.replaceAll("\n", " ")}`);
  for (const one of failing.scenarios) say("plain", said(one));
  const rest = await run(engine, {
    config: plain,
    script: make(policy, "bond0"),
    scenarios: ["healthy", "deauth-wlan0"],
    repeat: 3,
  });
  for (const one of rest.scenarios) say("plain", said(one));
  const phone = await run(engine, {
    config: house(`    phone: { kind: client, wifi: ${ssid} }\n`),
    script: make(policy, "bond0"),
    scenarios: ["healthy", "cable-em1"],
    repeat: 2,
  });
  for (const one of phone.scenarios) say("Wi-Fi client", said(one));
  for (const on of ["br0", "br0-with-mac"] as const) {
    const bridged = await run(engine, { config: plain, script: make(policy, on), scenarios: ["cable-em1"], repeat: 3 });
    for (const one of bridged.scenarios) say(on, said(one));
  }
  const leased = await run(engine, { config: plain, script: make(policy, "lease"), scenarios: ["healthy"], repeat: 1 });
  say(
    "lease",
    leased.bringUp.output
      .split("\n")
      .filter((line) => line.startsWith("LEASE"))
      .join(" · ") || leased.bringUp.output,
  );
}

async function main(named: readonly string[]): Promise<void> {
  const engine = await engineOrReason();
  if (typeof engine === "string") throw new Error(engine);
  for (const policy of named.length === 0 ? ["none", "active", "follow"] : named) await measure(engine, policy);
}

await main(process.argv.slice(2));
