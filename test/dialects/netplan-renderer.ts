import type { Config, Interface } from "../../src/model/config.ts";

/** The same host with NetworkManager behind netplan. */
export function byNetworkManager(config: Config): Config {
  const known = new Set(config.interfaces.map(({ name }) => name));
  const named = config.bonds.flatMap(({ name, ports }) => [name, ...ports]).filter((name) => !known.has(name));
  const none = { method: "none", addresses: [] } as const;
  const bare = (name: string): Interface => ({ name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] });
  return {
    ...config,
    interfaces: [...config.interfaces, ...named.map(bare)].map((iface) => ({
      ...iface,
      extra: [...iface.extra, { key: "renderer", value: '"NetworkManager"', from: "netplan" }],
    })),
  };
}
