import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Origins } from "../diagnostic/origins.ts";
import type { Cable, Config, Topology } from "../model/config.ts";
import { nearest } from "../model/nearest.ts";
import { bandOfChannel } from "../model/wifi-channels.ts";
import { problemAt } from "./check-bonds.ts";

/** Names that lead nowhere in the topology. A file without a bond is about somebody else's ports: then any end may be one. */
export function checkTopology(config: Config, origins: Origins): readonly Diagnostic[] {
  const { topology } = config;
  if (topology === undefined) return [];
  const ports = config.bonds.flatMap((bond) => bond.ports);
  return [
    ...topology.cables.flatMap((cable, index) => checkCable(cable, index, topology, ports, origins)),
    ...checkTwice(topology, origins),
    ...checkPower(topology, origins),
    ...checkFailures(config, topology, origins),
    ...checkDeviceNames(topology, ports, origins),
    ...checkWifi(config, topology, origins),
    ...checkOffers(topology, origins),
  ];
}

function checkCable(
  cable: Cable,
  index: number,
  topology: Topology,
  ports: readonly string[],
  origins: Origins,
): readonly Diagnostic[] {
  const devices = topology.devices.map((device) => device.name);
  const known = [...ports, ...devices.filter((name) => name !== "host")];
  const unknown = [cable.from, cable.to].filter((end) => !known.includes(end));
  const nameless = ports.length === 0 && unknown.length < 2;
  if (nameless) return [];
  return unknown.map((end) => {
    const near = nearest(end, known);
    const own = end === "host" && ports.length > 0;
    const add = `Add it under topology.devices, or name one of ${known.slice(0, 12).join(", ")}.`;
    const hint = own ? `Name the port: ${ports.join(" or ")}.` : near === undefined ? add : `Did you mean ${near}?`;
    const what = own
      ? "a cable ends at a port of the host, not at the host"
      : `"${end}" is neither a port nor a device`;
    return problemAt(
      origins,
      "cable-end-unknown",
      `cable/${index}`,
      `cable ${cable.from} – ${cable.to}: ${what}`,
      hint,
    );
  });
}

function checkTwice(topology: Topology, origins: Origins): readonly Diagnostic[] {
  const seen = new Set<string>();
  return topology.cables.flatMap((cable, index) => {
    const pair = [cable.from, cable.to].sort().join(" ");
    const again = seen.has(pair);
    seen.add(pair);
    if (!again) return [];
    return [
      problemAt(
        origins,
        "cable-twice",
        `cable/${index}`,
        `${cable.from} and ${cable.to} are connected twice`,
        "Keep one of the two cables.",
      ),
    ];
  });
}

function checkPower(topology: Topology, origins: Origins): readonly Diagnostic[] {
  const known = ["mains", "ups", "host", ...topology.power.map((domain) => domain.name)];
  return topology.devices.flatMap((device) => {
    if (device.power === undefined || known.includes(device.power)) return [];
    const near = nearest(device.power, known);
    const hint =
      near === undefined
        ? `Declare it under topology.power, or write one of ${known.join(", ")}.`
        : `Did you mean ${near}?`;
    return [
      problemAt(
        origins,
        "power-unknown",
        `device/${device.name}/power`,
        `device ${device.name}: no power source is called "${device.power}"`,
        hint,
      ),
    ];
  });
}

/** A rate of something that isn't there would silently count for nothing. */
function checkFailures(config: Config, topology: Topology, origins: Origins): readonly Diagnostic[] {
  const known = [
    ...config.bonds.flatMap((bond) => bond.ports),
    ...topology.devices.map((device) => device.name),
    ...config.uplinks.flatMap(({ name, provider = name }) => [name, provider]),
    ...["mains", "ups"],
    ...topology.power.map((domain) => domain.name),
  ];
  return (topology.failures ?? []).flatMap(({ of }) => {
    if (known.includes(of)) return [];
    const near = nearest(of, known);
    const hint = near === undefined ? `Name one of ${known.slice(0, 12).join(", ")}.` : `Did you mean ${near}?`;
    const message = `failures: "${of}" is neither a port, a device, an uplink nor a power source`;
    return [problemAt(origins, "failure-of-unknown", `failures/${of}`, message, hint)];
  });
}

function checkDeviceNames(topology: Topology, ports: readonly string[], origins: Origins): readonly Diagnostic[] {
  return topology.devices
    .filter((device) => ports.includes(device.name))
    .map((device) =>
      problemAt(
        origins,
        "device-named-like-port",
        `device/${device.name}`,
        `a device and a port are both called ${device.name}`,
        "Give the device another name.",
      ),
    );
}

/** A port that joins a network nobody radiates would have no path at all in a rehearsal. */
function checkWifi(config: Config, topology: Topology, origins: Origins): readonly Diagnostic[] {
  const radiated = topology.devices.flatMap((device) => (device.wifi === undefined ? [] : [device.wifi]));
  return config.interfaces.flatMap((one) => {
    const ssid = one.wifi?.ssid;
    const cabled = topology.cables.some((cable) => cable.from === one.name || cable.to === one.name);
    if (ssid === undefined || cabled || radiated.includes(ssid)) return [];
    const near = nearest(ssid, radiated);
    const hint =
      near === undefined ? "Add wifi: to the router or access point that radiates it." : `Did you mean ${near}?`;
    return [
      problemAt(
        origins,
        "wifi-not-radiated",
        `interface/${one.name}/wifi`,
        `${one.name}: no device radiates the network "${ssid}"`,
        hint,
      ),
    ];
  });
}

/** A channel that no access point of that band can be put on by hand. */
function checkOffers(topology: Topology, origins: Origins): readonly Diagnostic[] {
  return topology.devices.flatMap((device) => {
    const { band, channel } = device.offers ?? {};
    if (channel === undefined) return [];
    const own = bandOfChannel(channel);
    const at = `device/${device.name}/wifi`;
    const hint = "Use 1 to 13 in 2.4 GHz, and 36 to 48 or 149 to 165 (in steps of 4) in 5 GHz.";
    if (own === undefined) {
      const why = channel > 48 && channel < 149 ? "has to be listened to for radar first" : "is none";
      return [problemAt(origins, "wifi-channel", at, `${device.name}: channel ${channel} ${why}`, hint)];
    }
    if (band === undefined || own === band) return [];
    return [problemAt(origins, "wifi-channel", at, `${device.name}: channel ${channel} isn't in ${band}`, hint)];
  });
}
