import { describe, expect, it } from "vitest";
import type { Cable, Config, Device } from "../model/config.ts";
import { pictureLines } from "./picture-lines.ts";

const none = { method: "none", addresses: [] } as const;

function site(ports: readonly string[], devices: readonly Device[], cables: readonly Cable[]): Config {
  const interfaces = ["bond0", ...ports].map((name) => ({
    name,
    start: "boot" as const,
    ipv4:
      name === "bond0" ? { method: "static" as const, addresses: ["192.168.1.5/24"], gateway: "192.168.1.1" } : none,
    ipv6: none,
    ...(name === "wlan0" ? { wifi: { ssid: "Home" } } : {}),
    hooks: [],
    extra: [],
  }));
  const bonds = [{ name: "bond0", ports, options: {} }];
  return { bonds, interfaces, uplinks: [], targets: [], topology: { devices, cables, power: [] } };
}

const router: Device = { name: "router", kind: "router", address: "192.168.1.1/24", wifi: "Home" };
const wire = (from: string, to: string): Cable => ({ from, to, medium: "cable" });

describe("the topology for a terminal", () => {
  it("draws ways that meet as one, and says what is radio and what powerline", () => {
    const devices: readonly Device[] = [
      { name: "plc-a", kind: "powerline" },
      { name: "plc-b", kind: "powerline" },
      router,
    ];
    const cables: readonly Cable[] = [
      wire("eth0", "plc-a"),
      { from: "plc-a", to: "plc-b", medium: "powerline" },
      wire("plc-b", "router"),
    ];
    expect(pictureLines(site(["eth0", "wlan0"], devices, cables))).toEqual([
      "┌───────────┐",
      "│ this host ├─ eth0 ── plc-a ~~ plc-b ──┬─ router ── Internet",
      "│ bond0     ├─ wlan0 ))) ───────────────┘",
      "└───────────┘",
    ]);
  });

  it("three ports, two of them on one switch, fit into 80 columns", () => {
    const devices: readonly Device[] = [{ name: "switch", kind: "switch" }, router];
    const cables = [wire("eth0", "switch"), wire("eth1", "switch"), wire("switch", "router"), wire("eth2", "router")];
    const lines = pictureLines(site(["eth0", "eth1", "eth2"], devices, cables));
    expect(lines).toEqual([
      "┌───────────┐",
      "│ this host ├─ eth0 ──┬─ switch ──┐",
      "│ bond0     ├─ eth1 ──┘           ├─ router ── Internet",
      "│           ├─ eth2 ──────────────┘",
      "└───────────┘",
    ]);
  });

  it("is nothing where there is no bond", () => {
    expect(pictureLines({ bonds: [], interfaces: [], uplinks: [], targets: [] })).toEqual([]);
  });
});
