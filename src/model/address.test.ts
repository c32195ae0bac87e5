import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addressFamily,
  canonicalAddress,
  canonicalCidr,
  cidrFamily,
  containsAddress,
  formatAddress,
  hasHostBits,
  networkAround,
  networkOf,
  parseAddress,
  parseCidr,
  reservedRole,
} from "./address.ts";

const cidr = (text: string) => {
  const read = parseCidr(text);
  if (!read.ok) throw new Error(read.error);
  return read.value;
};

describe("the network around an address", () => {
  test.each([
    "10.1.2.3/24",
    "255.255.255.255/0",
    "128.0.0.1/1",
    "10.1.2.3/32",
    "2001:db8::1/64",
    "ffff::1/1",
    "1::/16",
    "::1/128",
  ])("%s: as worked out with big integers", (text) => {
    expect(networkAround(text)).toBe(hasHostBits(cidr(text)) ? networkOf(cidr(text)) : undefined);
  });

  test("of random ones too, and none of what is no network", () => {
    const address = fc.oneof(
      fc.ipV4().map((ip) => [ip, 32] as const),
      fc.ipV6().map((ip) => [ip, 128] as const),
    );
    fc.assert(
      fc.property(address, fc.nat(128), ([ip, widest], length) => {
        const text = `${ip}/${Math.min(length, widest)}`;
        const read = parseCidr(text);
        expect(networkAround(text)).toBe(read.ok && hasHostBits(read.value) ? networkOf(read.value) : undefined);
      }),
    );
    expect(networkAround("10.0.0.1")).toBeUndefined();
    expect(networkAround("default")).toBeUndefined();
  });
});

describe("addresses", () => {
  test.each([
    ["192.168.1.105", "192.168.1.105"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["::", "::"],
    ["::ffff:192.0.2.1", "::ffff:c000:201"],
    ["fe80::1:0:0:1", "fe80::1:0:0:1"],
    ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
  ])("%s is written %s", (text, canonical) => {
    const read = parseAddress(text);
    expect(read.ok && formatAddress(read.value)).toBe(canonical);
  });

  test.each([
    "",
    "192.168.1",
    "192.168.01.1",
    "256.0.0.1",
    "1::2::3",
    "1:2:3:4:5:6:7",
    ":::",
    "fe80::1%eth0",
    "1:2:3:4:5:6:7::8:9",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8:",
    ":1:2:3:4:5:6:7",
    "12345::",
    "1::g",
    "1.2.3.4::",
    "::1.2.3.4:5",
    "::1.2.3",
    "1..2.3",
    "1.2.3.4.",
    "1.2.3.4.5",
    "1.2.3.4/24",
    "0x1.2.3.4",
  ])("%j is none", (text) => expect(parseAddress(text).ok).toBe(false));

  test("of any text, the family is told where it can be parsed and nowhere else", () => {
    const text = fc.string({
      unit: fc.constantFrom("0", "1", "25", "f", ":", "::", ".", "/", "8", "x"),
      maxLength: 18,
    });
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.ipV4(),
          fc.ipV6(),
          fc.ipV4().map((one) => `::ffff:${one}`),
        ),
        (some) => {
          const [address, read] = [parseAddress(some), parseCidr(some)];
          expect(addressFamily(some)).toBe(address.ok ? address.value.family : undefined);
          expect(cidrFamily(some)).toBe(read.ok ? read.value.family : undefined);
          expect(canonicalAddress(some)).toBe(address.ok ? formatAddress(address.value) : undefined);
          expect(canonicalCidr(some)).toBe(read.ok ? `${formatAddress(read.value)}/${read.value.prefix}` : undefined);
          if (read.ok) expect(hasHostBits(read.value)).toBe(cidr(networkOf(read.value)).bits !== read.value.bits);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("any address survives being written and read", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (bits) => {
        expect(parseAddress(formatAddress({ family: 6, bits }))).toEqual({ ok: true, value: { family: 6, bits } });
      }),
    );
  });

  test("network and broadcast addresses are nobody's, except in /31 and /32", () => {
    expect(
      ["192.168.1.0/24", "192.168.1.255/24", "192.168.1.1/24", "192.168.1.0/31", "2001:db8::/64"].map((text) =>
        reservedRole(cidr(text)),
      ),
    ).toEqual(["network", "broadcast", undefined, undefined, "network"]);
  });

  test("a gateway is inside its network or not", () => {
    const gateway = parseAddress("192.168.1.254");
    expect(gateway.ok && containsAddress(cidr("192.168.1.105/24"), gateway.value)).toBe(true);
    expect(gateway.ok && containsAddress(cidr("192.168.2.105/24"), gateway.value)).toBe(false);
    expect(networkOf(cidr("192.168.1.105/24"))).toBe("192.168.1.0/24");
  });
});
