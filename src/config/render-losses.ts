import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Config, Interface } from "../model/config.ts";
import { bondOptions } from "../model/options.ts";

/** What of a configuration a holdfast.yaml has no words for. The loopback interface is on every host and needs none. */
export function lossesOf(config: Config): readonly Diagnostic[] {
  const ports = new Set(config.bonds.flatMap((bond) => bond.ports));
  const bonds = new Set(config.bonds.map((bond) => bond.name));
  return [
    ...config.bonds.flatMap((bond) => [
      ...(bond.ports.length === 0 ? [loss(bond.name, "a bond without ports", "List its ports.")] : []),
      ...Object.keys(bond.options)
        .filter((name) => name === "active_slave" || bondOptions[name as keyof typeof bondOptions].scope === "port")
        .map((name) => loss(bond.name, name, name === "active_slave" ? "Set primary instead." : "Set it on a port.")),
    ]),
    ...config.interfaces.flatMap((one) => {
      if (bonds.has(one.name)) return bondLosses(one);
      if (ports.has(one.name)) return portLosses(one);
      return one.ipv4.method === "loopback"
        ? []
        : [
            loss(
              one.name,
              "an interface that is no bond and no port of one",
              "Keep it in the host's own network configuration.",
            ),
          ];
    }),
  ];
}

function bondLosses(one: Interface): readonly Diagnostic[] {
  return [
    ...commonLosses(one),
    ...(one.match === undefined ? [] : [loss(one.name, "how the bond is recognised", "A bond is made by name.")]),
    ...(one.wifi === undefined ? [] : [loss(one.name, "Wi-Fi of a bond", "Put wifi on the port.")]),
    ...(["loopback", "other"].includes(one.ipv4.method)
      ? [loss(one.name, `the IPv4 method ${one.ipv4.method}`, "Give address, or dhcp: true.")]
      : []),
    ...(["loopback", "other", "manual"].includes(one.ipv6.method)
      ? [loss(one.name, `the IPv6 method ${one.ipv6.method}`, "Give an address, or ipv6: auto.")]
      : []),
    ...(one.ipv4.method === "auto" ? [loss(one.name, "the IPv4 method auto", "Write dhcp: true.")] : []),
    ...(one.ipv4.metric !== undefined && one.ipv6.metric !== undefined && one.ipv4.metric !== one.ipv6.metric
      ? [loss(one.name, "different metrics for IPv4 and IPv6", "Use one metric for both.")]
      : []),
  ];
}

function portLosses(one: Interface): readonly Diagnostic[] {
  const addressed = [one.ipv4, one.ipv6].some(
    (family) => family.addresses.length > 0 || ["dhcp", "auto", "static", "loopback", "other"].includes(family.method),
  );
  return [
    ...commonLosses(one),
    ...(addressed ? [loss(one.name, "an address of its own on a port", "Move the address to the bond.")] : []),
    ...(one.dns === undefined ? [] : [loss(one.name, "DNS settings of a port", "Move them to the bond.")]),
    ...(one.mac === undefined
      ? []
      : [loss(one.name, "a MAC address set on a port", "Set mac on the bond, or leave the port its own.")]),
    ...(one.wifi?.psk !== undefined && "inline" in one.wifi.psk
      ? [
          loss(
            one.name,
            "a pass phrase in clear",
            "Put it into a file only root can read, and name the file: psk: {file: secrets/wlan0.psk}.",
          ),
        ]
      : []),
  ];
}

function commonLosses(one: Interface): readonly Diagnostic[] {
  return [
    ...(one.vlan === undefined
      ? []
      : [
          loss(
            one.name,
            `VLAN ${one.vlan.id} on ${one.vlan.parent}`,
            "Keep it in the host's own network configuration.",
          ),
        ]),
    ...(one.bridge === undefined
      ? []
      : [loss(one.name, "a bridge", "Keep it in the host's own network configuration.")]),
    ...one.hooks.map((hook) =>
      loss(one.name, `the command under ${hook.when}`, "Keep it where the host's network configuration runs commands."),
    ),
    // Neither key's value nor a command's text is repeated: both may hold a secret.
    ...one.extra.map(({ key }) =>
      loss(one.name, `the setting ${key}`, "Keep it in the host's own network configuration."),
    ),
  ];
}

function loss(name: string, what: string, hint: string): Diagnostic {
  return {
    code: "holdfast-cannot-say",
    severity: "warning",
    message: `${name}: a holdfast.yaml cannot say ${what}`,
    hint,
  };
}
