import { describe, expect, test } from "vitest";
import { addressText, contains, freeAddress, overlap, parseAddress, parseSubnet, subnetText } from "./ipv4.ts";

const net = (text: string) => parseSubnet(text) ?? { address: 0, prefix: 0 };

describe("IPv4 arithmetic", () => {
  test.each(["0.0.0.0", "255.255.255.255", "192.168.1.254", "9.9.9.9"])("%s is read and written alike", (text) => {
    expect(addressText(parseAddress(text) ?? -1)).toBe(text);
  });

  test.each(["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.x", "fe80::1", "1.2.3.-4", " 1.2.3.4"])(
    "%j is no address",
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );

  test("a subnet keeps its host part, and refuses a length over 32", () => {
    expect(subnetText(net("192.168.1.5/24"))).toBe("192.168.1.5/24");
    expect(parseSubnet("192.168.1.5/33")).toBeUndefined();
    expect(parseSubnet("192.168.1.5", 24)?.prefix).toBe(24);
  });

  test("membership ends at the network's edge", () => {
    expect(contains(net("10.0.0.9/30"), parseAddress("10.0.0.11") ?? 0)).toBe(true);
    expect(contains(net("10.0.0.9/30"), parseAddress("10.0.0.12") ?? 0)).toBe(false);
    expect(overlap(net("10.0.0.0/8"), net("10.200.0.1/24"))).toBe(true);
    expect(overlap(net("10.0.1.0/24"), net("10.0.0.1/24"))).toBe(false);
  });

  test("a free address is neither taken, nor the network, nor the broadcast address", () => {
    const taken = new Set([parseAddress("10.0.0.1") ?? 0]);
    expect(addressText(freeAddress(net("10.0.0.1/30"), taken, 1) ?? 0)).toBe("10.0.0.2");
    expect(freeAddress(net("10.0.0.1/31"), taken, 1)).toBeUndefined();
    expect(freeAddress(net("10.0.0.1/32"), new Set(), 1)).toBeUndefined();
  });
});
