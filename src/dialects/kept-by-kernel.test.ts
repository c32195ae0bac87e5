import { expect, test } from "vitest";
import { type OptionName, optionNames, optionRow } from "../model/options.ts";
import { keptByKernel } from "./kept-by-kernel.ts";

test("what the kernel does by itself is told with its value and what comes of it", () => {
  expect(keptByKernel("resend_igmp")).toBe(
    "the kernel keeps its default 1: after a failover one membership report is sent",
  );
  expect(keptByKernel("arp_ip_target")).toBe("nobody is asked");
});

test("no option's words have a hole where a value should be", () => {
  for (const option of optionNames) expect(keptByKernel(option)).toMatch(/^[^\s].*[^\s:]$/);
});

test.each<[OptionName, string]>([
  ["peer_notif_delay", "one per monitor interval"],
  ["fail_over_mac", "the bond's MAC address"],
  ["arp_validate", "any"],
])("what comes of %s unsaid is what the table of options says of its default", (option, words) => {
  expect(optionRow(option).about).toContain(words);
  expect(keptByKernel(option)).toContain(words);
});
