import type { Config, IpSettings } from "../model/config.ts";

/** What a host has before a change and nowhere after it, a sentence each: addresses others may know it by, and leases. */
export function whatEnds(before: Config, after: Config): readonly string[] {
  const stays = new Set(after.interfaces.flatMap(({ ipv4, ipv6 }) => [...ipv4.addresses, ...ipv6.addresses]));
  return before.interfaces.flatMap(({ name, ipv4, ipv6 }) => {
    const gone = [...ipv4.addresses, ...ipv6.addresses].filter((address) => !stays.has(address));
    const now = after.interfaces.find((one) => one.name === name);
    const leases = ([4, 6] as const).filter(
      (version) =>
        isLeased(family({ ipv4, ipv6 }, version)) && !after.interfaces.some((one) => isLeased(family(one, version))),
    );
    const whose = now === undefined ? `${name}, which is declared no more,` : name;
    return [
      ...gone.map((address) => `${whose} gives up ${address}: what knows this host by it won't find it`),
      ...leases.map(
        (version) => `${whose} asks for no IPv${version} lease any more, and loses the address it has by one`,
      ),
    ];
  });
}

function family(one: { readonly ipv4: IpSettings; readonly ipv6: IpSettings }, version: 4 | 6): IpSettings {
  return version === 4 ? one.ipv4 : one.ipv6;
}

function isLeased({ method }: IpSettings): boolean {
  return method === "dhcp";
}
