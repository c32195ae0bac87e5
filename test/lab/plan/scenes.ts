import { dialectNamed } from "../../../src/dialects/registry.ts";
import { type Config, emptyConfig, type Interface } from "../../../src/model/config.ts";
import type { HostBond } from "../../../src/model/host-state.ts";
import { filesOf, type Scene } from "./converge.ts";

const none = { method: "none", addresses: [] } as const;

/** A host with one address on its one cable. */
const oneCable: Config = {
  ...emptyConfig,
  interfaces: [
    {
      name: "eth0",
      start: "boot",
      ipv4: { method: "static", addresses: ["192.0.2.5/24"], gateway: "192.0.2.1" },
      ipv6: none,
      hooks: [],
      extra: [],
    } satisfies Interface,
  ],
};

export const bondYaml = (miimon: string): string => `
bond:
  primary: eth0
  miimon: ${miimon}
  ports: [eth0, eth1]
  address: 192.0.2.5/24
  gateway: 192.0.2.1
`;

const running: HostBond = {
  name: "bond0",
  ports: ["eth0", "eth1"],
  options: { mode: "active-backup", miimon: 100, primary: "eth0", num_peer_notif: 3 },
  known: ["mode", "miimon", "primary", "num_grat_arp"],
  activePort: "eth0",
};

/** The host's only cable moves into a new bond. */
export function firstBond(backend: Scene["backend"]): Scene {
  const before = dialectNamed(backend)?.render(oneCable).files ?? new Map();
  return { backend, before, wanted: bondYaml("100ms"), running: [] };
}

/** One option of a bond that carries the traffic. */
export function otherMonitor(backend: Scene["backend"]): Scene {
  return {
    backend,
    before: filesOf(backend, bondYaml("100ms").replace("bond:", "bond:\n  mode: active-backup\n  num_peer_notif: 3")),
    wanted: bondYaml("50ms"),
    running: [running],
  };
}

/** A port more, and another address, of a bond that carries the traffic. */
export function morePorts(backend: Scene["backend"]): Scene {
  const one = bondYaml("100ms").replace("[eth0, eth1]", "[eth0]");
  const before = filesOf(backend, one.replace("bond:", "bond:\n  mode: active-backup\n  num_peer_notif: 3"));
  const wanted = bondYaml("100ms").replace("192.0.2.5", "192.0.2.6");
  return { backend, before, wanted, running: [{ ...running, ports: ["eth0"] }] };
}
