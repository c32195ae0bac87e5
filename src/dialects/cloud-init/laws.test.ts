import { readingLaws } from "../../../test/dialects/laws.ts";
import { cloudInit } from "./cloud-init.ts";

readingLaws(cloudInit, {
  paths: ["/var/lib/cloud/seed/nocloud/network-config", "/etc/cloud/cloud.cfg.d/50-network.cfg"],
  lines: [
    "network:",
    "version: 1",
    "  version: 2",
    "config:",
    "  - {type: physical, name: eth0, mac_address: '02:00:00:00:00:01', subnets: [{type: dhcp}]}",
    "  - type: bond",
    "    name: bond0",
    "    bond_interfaces: [eth0, eth1]",
    "    params: {bond-mode: active-backup, bond_miimon: 100}",
    "    subnets: [{type: static, address: 10.0.0.5, netmask: 255.255.255.0, routes: [{network: 0.0.0.0, netmask: 0.0.0.0, gateway: 10.0.0.1}]}]",
    "  - {type: nameserver, address: [9.9.9.9], search: lan}",
    "  ethernets: {eth0: {dhcp4: true}}",
  ],
  repeated: ["network: {version: 1, config: []}\n", "- ", "version: 1\nconfig:\n", "{"],
});
