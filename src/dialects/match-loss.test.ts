import { expect, test } from "vitest";
import { matchLoss } from "./match-loss.ts";

const mac = "00:16:3e:00:00:01";

test("a link that goes by its name loses nothing", () => {
  expect(matchLoss({ name: "eth0" }, "ifupdown")).toBeUndefined();
});

test("a name that is kept by hardware is one loss, and systemd can keep it", () => {
  const lost = matchLoss({ name: "eth0", match: { mac, path: "pci-0000:00:1f.6" } }, "ifupdown");
  expect(lost?.text).toMatch(/^recognising it by MAC address 00:16:3e:00:00:01 and path pci-0000:00:1f.6 is left out/);
  expect(lost?.hint).toContain(`PermanentMACAddress=${mac} and Path=pci-0000:00:1f.6 under [Match] and Name=eth0`);
});

test("a label says that the link may be called otherwise", () => {
  const lost = matchLoss({ name: "uplink", match: { mac, pattern: "*" } }, "ifupdown2");
  expect(lost?.text).toMatch(/if the link isn't called uplink, nothing here reaches it$/);
  expect(lost?.hint).not.toContain("OriginalName");
});
