import { describe, expect, it } from "vitest";
import type { RehearsalInput } from "../../src/cli/rehearse/read-rehearsal.ts";
import { hostInLab } from "../../src/cli/rehearse/run-rehearsal.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { chooseRadioLinks } from "../../src/lab/radio-links.ts";
import type { FlowResult } from "../../src/measure/rehearsal.ts";
import { byRadio, firstArticle, lookAt, radios, readHouse, withRadios } from "./wifi/by-radio.ts";

/** The key the first article prints. */
const printedKey = "goatsareinteresting";

let engine: Engine;
withRadios(
  (found) => {
    engine = found;
  },
  async () => lookAt(await readHouse(firstArticle)),
);

describe("the first article's own /etc/network/interfaces, by radio", () => {
  it("comes up with the real ifup and wpa_supplicant, and fails over from Ethernet to Wi-Fi", {
    timeout: 300_000,
  }, async () => {
    const names = ["cable-em1", "power-mains", "deauth-wlan0", "deauth-alone-wlan0", "key-wlan0"];
    const { rehearsal, of } = await byRadio(engine, await readHouse(firstArticle), names);
    expect(rehearsal.bringUp).toMatchObject({ exit: 0, bonds: [{ primary: "em1", ports: ["em1", "wlan0"] }] });
    expect(rehearsal.notes.join()).toContain("wlan0 is a simulated radio here, joined (WPA2)");
    expect(rehearsal.notes.join()).not.toMatch(/never joined|plain wire/);
    for (const id of ["cable-em1", "power-mains"]) {
      expect(of(id)).toMatchObject({ verdict: "held", tcp: { survived: true } });
      expect(of(id).stats.worst, id).toBeLessThanOrEqual(150);
      expect(of(id).events.map(({ text }) => text)).toContain("the kernel makes wlan0 the active port");
    }
    // Nothing is left but the radio, and it must look for its network first: nobody's bond bridges that.
    const alone = of("deauth-alone-wlan0");
    expect(alone.verdict).toBe("missed");
    expect(alone.stats.worst).toBeGreaterThan(1000);
    expect(alone.reason).toContain("had no port left");
    // Carrier comes back with the association, long before the key is proven: the bond counts on a port that lets nothing through.
    const locked = of("key-wlan0").events.map(({ text }) => text);
    expect(locked.filter((text) => text.includes("(slave wlan0): link status definitely up")).length).toBeGreaterThan(
      0,
    );
    // With one MAC address on both ports, the radio that joins anew draws to itself what is meant for Ethernet, for a moment.
    const drawn = of("deauth-wlan0");
    expect(drawn.flows.find(({ flow, direction }) => flow === "lan" && direction === "toHost")?.lost).toBeGreaterThan(
      0,
    );
    expect(JSON.stringify(rehearsal)).not.toContain(printedKey);
  });

  it("a key that isn't the network's: the bond comes up, the radio never joins, and the result says so", {
    timeout: 300_000,
  }, async () => {
    const input = await readHouse(firstArticle);
    const files = Object.fromEntries(
      Object.entries(hostInLab(input, radios).files).map(([path, text]) => [
        path,
        text.replace(printedKey, "another key"),
      ]),
    );
    const { rehearsal } = await byRadio(engine, input, ["healthy"], { files });
    expect(rehearsal.bringUp).toMatchObject({ exit: 0, bonds: [{ activePort: "em1", ports: ["em1", "wlan0"] }] });
    expect(rehearsal.notes.join()).toContain("wlan0 never joined its network: its key isn't that of router's network");
    expect(rehearsal.radios).toMatchObject([{ port: "wlan0", joined: false, trouble: "wrong-key" }]);
    expect(JSON.stringify(rehearsal)).not.toContain(printedKey);
  });
});

describe("a port with its own MAC address (fail_over_mac active)", () => {
  it.each(["networkd", "networkmanager"] as const)(
    "fails over as fast, and a radio that joins anew draws nothing to itself: %s",
    { timeout: 300_000 },
    async (manager) => {
      const { rehearsal, of } = await byRadio(engine, await readHouse({ path: "powerline-wifi.yaml", manager }), [
        "cable-em1",
        "deauth-wlan0",
      ]);
      expect(rehearsal.notes.join()).not.toMatch(/never joined|plain wire/);
      const { verdict, events, stats, reason: why } = of("cable-em1");
      expect(verdict, JSON.stringify({ why, stats, events })).toBe("held");
      expect(stats.worst).toBeLessThanOrEqual(150);
      expect(of("deauth-wlan0").lost).toBe(0);
    },
  );
});

describe("a Wi-Fi client of the host's own access point, while Ethernet is active", () => {
  const phone = { name: "phone", kind: "client", wifi: "BTHub-2211" } as const;
  const joined = async (): Promise<RehearsalInput> => {
    const input = await readHouse(firstArticle);
    const { topology = { devices: [], cables: [], power: [] } } = input.config;
    return { ...input, config: { ...input.config, topology: { ...topology, devices: [...topology.devices, phone] } } };
  };
  const toHost = (flows: readonly FlowResult[]) =>
    flows.find((one) => one.flow === "lan" && one.direction === "toHost");

  it("can't reach it where both ports have one MAC address, as in the article", { timeout: 300_000 }, async () => {
    const healthy = (await byRadio(engine, await joined(), ["healthy"])).of("healthy");
    const { lost = 0, sent = 1 } = toHost(healthy.flows) ?? {};
    expect([healthy.verdict, lost / sent]).toEqual(["missed", 1]);
    expect(healthy.reason).toMatch(/both have joined router, and with fail_over_mac none.*Set fail_over_mac: active/);
  });

  it("reaches it where each port keeps its own (fail_over_mac active)", { timeout: 300_000 }, async () => {
    const input = await joined();
    const own = "bond-miimon 100\n    bond-fail-over-mac active";
    const files = Object.fromEntries(
      Object.entries(hostInLab(input, radios).files).map(([path, text]) => [
        path,
        text.replace("bond-miimon 100", own),
      ]),
    );
    const healthy = (await byRadio(engine, input, ["healthy"], { files })).of("healthy");
    expect([healthy.verdict, toHost(healthy.flows)?.lost]).toEqual(["held", 0]);
  });
});

describe("where there are no radios", () => {
  it("the port is a plain wire, and why is told", async () => {
    const { config } = await readHouse(firstArticle);
    const { radios: _, ...without } = engine;
    const choice = await chooseRadioLinks(without, config, []);
    expect(choice).toMatchObject({ links: "wires", why: expect.stringContaining("no simulated radios") });
    expect(await chooseRadioLinks(engine, (await readHouse({ path: "vdsl-lte.yaml" })).config, [])).toEqual({
      links: "wires",
    });
  });
});
