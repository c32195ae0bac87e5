import { expect, test } from "vitest";
import { emptyConfig } from "./config.ts";
import { bondWithDefaults, optionInForce, withDefaults } from "./defaults.ts";

test("a bond nobody said anything of fails over", () => {
  expect(bondWithDefaults({ name: "bond0", ports: ["a", "b"], options: {} }).options).toEqual({
    mode: "active-backup",
    miimon: 100,
    num_peer_notif: 3,
  });
});

test("a chosen ARP monitor stays the only one, and a monitor turned off stays off", () => {
  expect(bondWithDefaults({ name: "b", ports: [], options: { arp_interval: 250 } }).options.miimon).toBeUndefined();
  expect(bondWithDefaults({ name: "b", ports: [], options: { miimon: 0 } }).options.miimon).toBe(0);
});

test("filling in defaults twice changes nothing", () => {
  const once = withDefaults({ ...emptyConfig, bonds: [{ name: "b", ports: ["a"], options: { mode: "802.3ad" } }] });
  expect(withDefaults(once)).toEqual(once);
  expect(once.targets).toEqual(["gateway"]);
});

test("what is in force without a word is the kernel's default in that mode", () => {
  expect(optionInForce({}, "mode")).toBe("balance-rr");
  expect(optionInForce({ mode: "802.3ad" }, "miimon")).toBe(100);
  expect(optionInForce({ mode: "active-backup" }, "miimon")).toBe(0);
  expect(optionInForce({}, "primary")).toBeUndefined();
});
