import { expect, test } from "vitest";
import { emptyConfig, type Interface } from "../model/config.ts";
import { withSourceDefaults } from "./account.ts";
import { ifupdown } from "./ifupdown/ifupdown.ts";
import { networkmanager } from "./networkmanager/networkmanager.ts";

const none = { method: "none", addresses: [] } as const;
const br0: Interface = {
  name: "br0",
  start: "boot",
  ipv4: none,
  ipv6: none,
  bridge: { ports: ["bond0"], settings: {} },
  hooks: [],
  extra: [],
};
const config = { ...emptyConfig, bonds: [{ name: "bond0", ports: ["eth0"], options: {} }], interfaces: [br0] };

test("what the source's consumer does by itself is said where the target's does not", () => {
  const meant = withSourceDefaults(config, networkmanager, ifupdown);
  expect(meant.bonds[0]?.options).toEqual({ miimon: 100 });
  expect(meant.interfaces[0]?.bridge?.settings).toEqual({ stp_state: "1" });
});

test("and not where both do the same", () => {
  expect(withSourceDefaults(config, networkmanager, networkmanager)).toEqual(config);
});

test("what only the target's consumer would add is denied, in the kernel's words", () => {
  const meant = withSourceDefaults(config, ifupdown, networkmanager);
  expect(meant.bonds[0]?.options).toEqual({ miimon: 0 });
  expect(meant.interfaces[0]?.bridge?.settings).toEqual({ stp_state: "0" });
});
