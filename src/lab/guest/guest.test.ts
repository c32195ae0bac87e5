import { describe, expect, test } from "vitest";
import type { LabNode } from "../../topology/lab-plan.ts";
import { decodeMessages } from "../../wire/netlink.ts";
import { hostapdConfig } from "./access-points.ts";
import { parseAddress, parseCidr, socketAddress } from "./ip-bytes.ts";
import { activePortIn, isTelling, parseRecord } from "./kernel-log.ts";
import { interval, timings } from "./pace.ts";
import { phaseFor } from "./phase.ts";
import { encodeBridge, encodeLoss, encodeRoute, encodeWire } from "./requests.ts";
import { dnsmasqArguments, masqueradeRules } from "./services.ts";

describe("phaseFor", () => {
  test("fills a period evenly, the same way every time", () => {
    const phases = Array.from({ length: 20 }, (_, repeat) => phaseFor("cable-em1", repeat, 100)).toSorted(
      (a, b) => a - b,
    );
    const steps = phases.slice(1).map((at, index) => at - (phases[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(10);
    expect(Math.min(...steps)).toBeGreaterThan(1);
    expect(phases[0]).toBeGreaterThanOrEqual(0);
    expect(phases.at(-1)).toBeLessThan(100);
    expect(phaseFor("cable-em1", 3, 100)).toBe(phaseFor("cable-em1", 3, 100));
    expect(phaseFor("cable-em1", 3, 100)).not.toBe(phaseFor("cable-em2", 3, 100));
  });
});

describe("an access point", () => {
  const on = { dev: "wlan0", bridge: "br-lan", controls: "/run/hostapd" };

  test("WPA2 with a pass phrase as it stands, or with 64 digits as a key", () => {
    const radio = { ssid: "B\u00fcro", security: "wpa2-psk", channel: 6 } as const;
    const text = hostapdConfig(radio, { ...on, key: "eight or more" });
    expect(text.split("\n")).toEqual(
      expect.arrayContaining(["interface=wlan0", "bridge=br-lan", "ssid2=42c3bc726f", "wpa_passphrase=eight or more"]),
    );
    expect(hostapdConfig(radio, { ...on, key: "0f".repeat(32) })).toContain(`wpa_psk=${"0f".repeat(32)}\n`);
    expect(() => hostapdConfig(radio, { ...on, key: undefined })).toThrow(/no key for the network/);
  });

  test("what is declared of its network is what it offers", () => {
    const lines = hostapdConfig(
      {
        ssid: "Home",
        security: "wpa3-sae",
        channel: 36,
        country: "GB",
        hidden: true,
        clientIsolation: true,
        macFilter: [],
      },
      { ...on, key: "eight or more", allowed: "/run/allowed", channel: 44 },
    ).split("\n");
    const band = ["hw_mode=a", "channel=44", "country_code=GB"];
    const kept = ["ignore_broadcast_ssid=1", "ap_isolate=1", "macaddr_acl=1", "accept_mac_file=/run/allowed"];
    expect(lines).toEqual(expect.arrayContaining([...band, ...kept, "wpa_key_mgmt=SAE", "ieee80211w=2"]));
  });

  test("an open network has no word of keys", () => {
    const text = hostapdConfig({ ssid: "Guests", security: "open", channel: 1 }, { ...on, key: undefined });
    expect(text).not.toMatch(/wpa/);
  });
});

describe("the kernel log", () => {
  test("records carry a stamp in microseconds", () => {
    expect(parseRecord("6,412,1234567,-;bond0: active interface up!\n SUBSYSTEM=net\n")).toEqual({
      stampNs: 1_234_567_000n,
      text: "bond0: active interface up!",
    });
    expect(parseRecord("nonsense")).toBeUndefined();
  });

  test("lines name the active port, of the bond asked for only", () => {
    expect(activePortIn("bond0: (slave em2): making interface the new active one", "bond0")).toBe("em2");
    expect(activePortIn("bond0: now running without any active interface!", "bond0")).toBe("");
    expect(activePortIn("bond1: (slave em2): making interface the new active one", "bond0")).toBeUndefined();
    expect(
      activePortIn("bond0: (slave em2): link status definitely up, 10000 Mbps full duplex", "bond0"),
    ).toBeUndefined();
  });

  test("of switches only what their ports let through is told", () => {
    expect(isTelling("br0: port 1(p1) entered forwarding state", ["bond0"])).toBe(true);
    expect(isTelling("device em1 entered promiscuous mode", ["bond0"])).toBe(false);
  });
});

describe("addresses", () => {
  test("as bytes, both families, every way to write them", () => {
    expect([...parseAddress("192.168.1.254").bytes]).toEqual([192, 168, 1, 254]);
    expect(parseAddress("2001:db8::1").bytes.join(",")).toBe("32,1,13,184,0,0,0,0,0,0,0,0,0,0,0,1");
    expect(parseAddress("::").bytes).toEqual(new Uint8Array(16));
    expect(parseAddress("::ffff:10.0.0.1").bytes.slice(10)).toEqual(Uint8Array.of(255, 255, 10, 0, 0, 1));
    expect(parseCidr("10.0.0.1")).toMatchObject({ prefix: 32 });
    expect(() => parseCidr("10.0.0.1/33")).toThrow(/no CIDR/);
    expect(() => parseAddress("router")).toThrow(/no IP address/);
  });

  test("as the kernel's socket address", () => {
    const bytes = socketAddress(parseAddress("10.0.0.1"), 40_000);
    expect(bytes.toString("hex")).toBe("02009c400a0000010000000000000000");
  });
});

describe("requests", () => {
  test("are whole netlink messages", () => {
    const end = (dev: string) => ({ dev, mac: "02:00:00:00:00:01", namespaceFd: 7 });
    const requests = [
      encodeWire(end("em1"), end("p1")),
      encodeBridge({ name: "br0", stpForwardDelay: 2 }),
      encodeRoute({ to: "default", via: "192.168.1.1" }),
      encodeLoss(3, 30),
    ];
    for (const request of requests) {
      const { messages, malformed } = decodeMessages(request);
      expect(malformed).toBe(false);
      expect(messages).toHaveLength(1);
    }
  });
});

describe("services", () => {
  const node: LabNode = {
    name: "router",
    addresses: [{ dev: "br0", cidr: "192.168.1.1/24" }],
    routes: [],
    forwards: true,
    masquerade: ["wan0"],
    dnsmasq: {
      dev: "br0",
      range: { from: "192.168.1.100", to: "192.168.1.149", prefix: 24, router: "192.168.1.1" },
      dns: true,
    },
  };

  test("masquerade names every way out", () => {
    expect(masqueradeRules(["wan0", "wan1"])).toContain('oifname { "wan0", "wan1" } masquerade');
  });

  test("dnsmasq serves its own interface and answers with its own address", () => {
    const args = dnsmasqArguments(node);
    expect(args).toContain("--interface=br0");
    expect(args).toContain("--dhcp-range=192.168.1.100,192.168.1.149,255.255.255.0,12h");
    expect(args).toContain("--address=/#/192.168.1.1");
  });
});

describe("the pace", () => {
  const timing = timings.virtual;
  const ms = 1_000_000n;
  test("is densest around what happened, and slows while an outage lasts", () => {
    const at = (nowMs: bigint, badSinceMs?: bigint): bigint =>
      interval(timing, {
        nowNs: nowMs * ms,
        denseUntilNs: 2000n * ms,
        eventNs: 0n,
        badSinceNs: badSinceMs === undefined ? undefined : badSinceMs * ms,
      }) / ms;
    expect(at(1999n)).toBe(1n);
    expect(at(2000n, 20n)).toBe(10n);
    expect(at(10_100n, 20n)).toBe(50n);
    expect(at(5000n)).toBe(10n);
  });
});
