import type { Interface, IpSettings } from "../model/config.ts";

/** What becomes of an alias: about what (as in Loss), in words that go on from "NAME: ". */
export interface AliasNews {
  readonly name: string;
  readonly about: string;
  readonly message: string;
  readonly severity: "warning" | "advice";
}

const label = /^[\w.-]{1,15}:[\w.-]{1,15}$/;

/** Interfaces without the aliases of ifupdown (bond0:0), which are labels of more addresses: what those set goes to the interface that
 *  has them anyway, and that is told. What is no alias stays as it is. */
export function withoutAliases(
  interfaces: readonly Interface[],
  tell: (news: AliasNews) => void,
): readonly Interface[] {
  if (!interfaces.some(({ name }) => label.test(name))) return interfaces;
  const merged = new Map(interfaces.map((iface) => [iface.name, iface]));
  for (const alias of interfaces) {
    const [owner = ""] = label.test(alias.name) ? alias.name.split(":") : [];
    const parent = merged.get(owner);
    if (parent === undefined || !setsAddresses(alias)) continue;
    merged.delete(alias.name);
    merged.set(parent.name, { ...parent, ipv4: together(parent.ipv4, alias.ipv4) });
    const addresses = alias.ipv4.addresses.join(" ");
    const isMore = alias.hooks.length + alias.extra.length > 0 || isSecondGateway(parent, alias);
    tell({
      name: alias.name,
      about: `interface/${alias.name}`,
      message: `it is a label of ${parent.name}, which gets its address ${addresses} without the label${isMore ? "; its commands, other options and a second gateway are left out" : ""}`,
      severity: isMore ? "warning" : "advice",
    });
    const message = `the address ${addresses} of ${alias.name} is written here`;
    tell({ name: parent.name, about: `interface/${parent.name}/ipv4`, message, severity: "advice" });
  }
  return interfaces.flatMap(({ name }) => merged.get(name) ?? []);
}

function setsAddresses({ ipv4, ipv6, vlan, bridge, wifi }: Interface): boolean {
  const isMore = [vlan, bridge, wifi].some((one) => one !== undefined);
  return !isMore && ipv4.method === "static" && ipv4.addresses.length > 0 && ipv6.addresses.length === 0;
}

function isSecondGateway(parent: Interface, alias: Interface): boolean {
  return parent.ipv4.gateway !== undefined && alias.ipv4.gateway !== undefined;
}

function together(one: IpSettings, more: IpSettings): IpSettings {
  const routes = [...(one.routes ?? []), ...(more.routes ?? [])];
  const gateway = one.gateway ?? more.gateway;
  return {
    ...one,
    method: one.method === "none" || one.method === "manual" ? "static" : one.method,
    addresses: [...new Set([...one.addresses, ...more.addresses])],
    ...(gateway === undefined ? {} : { gateway }),
    ...(routes.length === 0 ? {} : { routes }),
  };
}
