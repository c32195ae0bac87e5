import { type Heard, type Instruction, probeFilter } from "../wire/packet-filter.ts";
import { ownIp, ownIp6, type Probed, type Probing } from "./probed-port.ts";

/** What the kernel lets through to a port's socket, as things are now. */
export interface PortFilter {
  /** The same key, the same program. */
  readonly key: string;
  readonly program: () => readonly Instruction[];
}

/** The filter for a port of which so much is known. */
export function filterFor(probing: Probing, port: Pick<Probed, "settings" | "mac" | "routerMac">): PortFilter {
  const heard = heardOn(probing, port);
  return { key: JSON.stringify({ ...heard, nonce: "" }), program: () => probeFilter(heard) };
}

/** Other addresses, another filter; the same ones, none: links may change thousands of times a second. */
export function refilter(probing: Probing, port: Probed): void {
  const { key, program } = filterFor(probing, port);
  if (key === port.filterKey) return;
  port.filterKey = key;
  port.tap.filter(program());
}

function heardOn(probing: Probing, port: Pick<Probed, "settings" | "mac" | "routerMac">): Heard {
  const { marks, beyond } = probing.settings;
  const familiesOf = (targets: readonly string[]): readonly ("ipv4" | "ipv6")[] =>
    (["ipv4", "ipv6"] as const).filter((family) =>
      targets.some((target) => target.includes(":") === (family === "ipv6")),
    );
  const { router, name, far } = port.settings;
  const others = [...probing.probed.values()].filter((one) => one.settings.name !== name).map((one) => one.mac);
  return {
    mac: port.mac,
    router,
    routerMac: port.routerMac,
    echoId: marks.echoId,
    // Never another within one run.
    nonce: marks.nonce,
    far: familiesOf(far),
    echoes: familiesOf([...far, ...beyond]),
    ownIp: ownIp(probing, name),
    ownIp6: ownIp6(probing, name),
    ownMacs: others.filter((mac) => mac !== port.mac && mac !== ""),
  };
}
