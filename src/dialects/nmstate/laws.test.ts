import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { applied } from "../networkmanager/bond-rules.ts";
import { nmstate } from "./nmstate.ts";
import { spellingOf } from "./spelling.ts";

readingLaws(nmstate, {
  paths: ["/etc/nmstate/bond.yml", "/tmp/state.yaml"],
  lines: [
    "interfaces:",
    "- name: bond0",
    "  type: bond",
    "  state: up",
    "  state: absent",
    "  link-aggregation:",
    "    mode: active-backup",
    "    mode: 7",
    "    options: {miimon: '100', arp_interval: 5, use_carrier: maybe}",
    "    port: [eth0, eth1]",
    "    ports-config: [{name: eth0, queue-id: 1}, {name: eth9, queue-id: 1}]",
    "  ipv4: {enabled: true, dhcp: true, address: [{ip: 192.0.2.1, prefix-length: 24}, {ip: x}]}",
    "  ipv6: {enabled: true, autoconf: true}",
    "  vlan: {base-iface: bond0, id: 10}",
    "  bridge: {port: [{name: bond0}], options: {stp: {enabled: false}}}",
    "  controller: br0",
    "  mac-address: 02:00:00:00:00:01",
    "  identifier: mac-address",
    "routes: {config: [{destination: 0.0.0.0/0, next-hop-address: 192.0.2.9, next-hop-interface: bond0}]}",
    "dns-resolver: {config: {server: [192.0.2.53], search: [lan.example]}}",
    "desiredState:",
    "spec: {desiredState: {interfaces: [{name: eth0}]}}",
    "capture: {a: b}",
  ],
  repeated: ["- name: a\n", "interfaces: [", "{", "a: b\n", "- ", "interfaces:\n- name: bond0\n"],
});

const sayable = hostConfig(
  optionNames.filter((option) => spellingOf(option) !== "cannot-say"),
  ["hooks", "optional", "start", "wifi", "dns"],
)
  .map((config: Config): Config => ({ ...config, bonds: config.bonds.map(settled) }))
  .filter(({ bonds, interfaces }) => {
    const queues = bonds.map(({ portOptions }) =>
      Object.values(portOptions ?? {}).flatMap(({ queue_id: queue }) => queue ?? []),
    );
    return (
      queues.every(
        (all) => new Set(all.filter((queue) => queue > 0)).size === all.filter((queue) => queue > 0).length,
      ) &&
      interfaces.every(
        ({ match, mac, ipv6 }) =>
          (match === undefined || mac === undefined) && (ipv6.method === "static" || ipv6.acceptRa === undefined),
      ) &&
      interfaces.every(
        ({ name, mac }) =>
          mac === undefined || bonds.find((bond) => bond.name === name)?.options.fail_over_mac !== "active",
      )
    );
  });

/** The mode is said, and NetworkManager applies every option as it stands. */
function settled(bond: Bond): Bond {
  return { ...bond, options: applied({ mode: "active-backup", ...bond.options }).options };
}

writingLaws(nmstate, sayable);
