import type { Cable, Device, DeviceKind, FailureRate, PowerDomain, Topology } from "../model/config.ts";
import { type Building, present, remember } from "./building.ts";
import { parseCableText } from "./cables.ts";
import { parseNutAddress } from "./nut-address.ts";
import type { Decoded } from "./shape.ts";
import type { topologyShape } from "./topology-shape.ts";
import { buildWifiOffer } from "./wifi-offer.ts";

type ReadTopology = Decoded<typeof topologyShape>;
type ReadDevice = NonNullable<ReadTopology["devices"]> extends ReadonlyMap<string, infer D> ? D : never;

/** IEEE 802.1D's forward delay, seconds: what a switch uses where nobody changed it. */
const standardForwardDelay = 15;

/** What the host hangs on, as the file says it. */
export function buildTopology(read: ReadTopology, building: Building): Topology {
  const devices = [...(read.devices ?? [])].map(([name, device]) => buildDevice(name, device, building));
  const cables = (read.cables ?? []).flatMap((text, index) => (text === undefined ? [] : buildCables(text, index)));
  for (const [index, cable] of cables.entries()) remember(building, `cable/${index}`, `topology/cables/${cable.line}`);
  const power = [...(read.power ?? [])].map(([name, source]) => {
    remember(building, `power/${name}`, `topology/power/${name}`, "key");
    const kind = source.kind ?? kindOfPower(name, source.runtime !== undefined || source.nut !== undefined);
    const nut = source.nut === undefined ? undefined : parseNutAddress(source.nut);
    return { name, kind: kind as PowerDomain["kind"], ...present({ runtimeMs: source.runtime, nut }) };
  });
  const failures = [...(read.failures ?? [])].map(([name, rate]): FailureRate => {
    remember(building, `failures/${name}`, `topology/failures/${name}`, "key");
    return { of: name, everyMs: rate.every ?? 0, forMs: rate.for ?? 0 };
  });
  return {
    devices,
    cables: cables.map(({ from, to, medium }) => ({ from, to, medium })),
    power,
    ...(failures.length === 0 ? {} : { failures: failures.filter((rate) => rate.everyMs > 0 && rate.forMs > 0) }),
  };
}

function kindOfPower(name: string, hasBattery: boolean): PowerDomain["kind"] {
  if (name === "mains" || name === "ups") return name;
  return hasBattery ? "ups" : "other";
}

/** A line of the list may hold a chain of cables; each remembers its line. */
function buildCables(text: string, line: number): readonly (Cable & { readonly line: number })[] {
  const read = parseCableText(text);
  return read.ok ? read.value.map((cable) => ({ ...cable, line })) : [];
}

function buildDevice(name: string, read: ReadDevice, building: Building): Device {
  const path = `topology/devices/${name}`;
  remember(building, `device/${name}`, path, "key");
  for (const field of ["kind", "power", "wifi", "address", "dhcp", "dns"])
    remember(building, `device/${name}/${field}`, `${path}/${field}`);
  remember(building, `device/${name}/stpForwardDelay`, `${path}/stp`);
  if (read.kind === undefined && name !== "host" && !building.places.has(`${path}/kind`)) {
    const at = building.places.get(path)?.key;
    building.problems.push({
      code: "missing-key",
      severity: "error",
      message: `topology.devices.${name} has no kind`,
      hint: "Add kind: router, switch, powerline, access-point, usb-hub, media-converter, modem, client or server.",
      ...(at === undefined ? {} : { at }),
    });
  }
  const stpForwardDelay = forwardDelay(read.stp);
  return {
    name,
    // An unknown device is taken for a switch, which fails like the others and routes nothing.
    kind: (read.kind ?? (name === "host" ? "server" : "switch")) as DeviceKind,
    ...buildWifiOffer(read.wifi),
    ...present({
      power: read.power,
      stpForwardDelay,
      address: read.address,
      dhcp: read.dhcp,
      dns: read.dns,
    }),
  };
}

function forwardDelay(stp: ReadDevice["stp"]): number | undefined {
  if (stp === undefined || stp === false) return undefined;
  if (stp === true || stp.forwardDelay === undefined) return standardForwardDelay;
  return stp.forwardDelay / 1000;
}
