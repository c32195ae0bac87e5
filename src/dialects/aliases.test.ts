import { expect, test } from "vitest";
import { renderAccounted } from "./account.ts";
import { dialectNamed } from "./registry.ts";

const text = `iface bond0 inet static
    address 192.0.2.5/24
    gateway 192.0.2.1
    bond-slaves eth0 eth1
    bond-mode active-backup
    bond-miimon 100

auto bond0:0
iface bond0:0 inet static
    address 192.0.2.77/24
`;

test.each([
  "netplan",
  "networkd",
  "networkmanager",
  "nmstate",
  "ifcfg-rh",
  "wicked",
  "ifupdown2",
  "ifupdown-ng",
  "iproute2",
])("an alias of ifupdown's is one more address in %s, and that is told", (name) => {
  const config = dialectNamed("ifupdown")?.parse(new Map([["/etc/network/interfaces", text]])).config;
  const target = dialectNamed(name);
  if (config === undefined || target === undefined) throw new Error(`no dialect ${name}`);
  const { files, losses } = renderAccounted(target, config);
  const bond = target.parse(files).config.interfaces.find((iface) => iface.name === "bond0");
  expect(bond?.ipv4.addresses).toEqual(["192.0.2.5/24", "192.0.2.77/24"]);
  expect(losses.map(({ message }) => message).join("\n")).toContain("bond0:0: it is a label of bond0");
  const told = losses.filter(({ message }) => message.includes("bond0:0"));
  expect(told.map(({ severity }) => severity)).toEqual(["advice", "advice"]);
});

test("ifupdown keeps the alias it said", () => {
  const ifupdown = dialectNamed("ifupdown");
  const config = ifupdown?.parse(new Map([["/etc/network/interfaces", text]])).config;
  if (ifupdown === undefined || config === undefined) throw new Error("no ifupdown");
  expect([...ifupdown.render(config).files.values()].join("")).toContain("iface bond0:0 inet static");
});
