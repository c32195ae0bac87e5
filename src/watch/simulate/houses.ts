import type { WatchConfig, WatchedPort } from "../state.ts";
import { wiredTuning } from "../tuning.ts";

/** Two wired ports to one router: the plainest house. */
export function twoPorts(far: readonly string[]): WatchConfig {
  const port = (name: string): WatchedPort => ({
    name,
    medium: "wired",
    metered: false,
    router: "192.168.1.254",
    far,
    probes: "always",
  });
  const ports = [port("eth0"), port("eth1")];
  return { bond: "bond0", ports, primary: "eth0", reselect: "when-calm", tuning: wiredTuning };
}

/** Two lines, each with a router of its own, the second one metered. */
export function twoUplinks(): WatchConfig {
  const config = twoPorts(["9.9.9.9", "1.1.1.1"]);
  const ports = config.ports.map((port, index) => ({ ...port, router: `192.168.${index}.1`, metered: index === 1 }));
  return { ...config, ports };
}

/** Three ways out, each by a router of its own: a line, a metered one, and Wi-Fi that answers only while it is used. */
export function threeUplinks(): WatchConfig {
  const config = twoUplinks();
  const radio = {
    name: "wlan0",
    medium: "radio",
    metered: false,
    router: "192.168.9.1",
    far: [],
    probes: "while-active",
  } as const;
  return { ...config, ports: [...config.ports, radio] };
}
