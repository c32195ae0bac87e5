import type { Cable, Device, FailureRate, PowerDomain, Topology } from "../model/config.ts";
import { formatCable } from "./cables.ts";
import { formatDuration } from "./duration.ts";
import { formatNutAddress } from "./nut-address.ts";
import { flow, type Lines, text } from "./render-text.ts";
import { wifiOfferSaid } from "./wifi-offer.ts";

/** The topology section. */
export function renderTopology(topology: Topology): Lines {
  return [
    "",
    "# What the host hangs on: – is a cable, ~ powerline, ))) radio.",
    "topology:",
    ...(topology.devices.length === 0
      ? []
      : ["  devices:", ...topology.devices.map((device) => `    ${text(device.name)}: ${deviceText(device)}`)]),
    ...(topology.cables.length === 0
      ? []
      : ["  cables:", ...topology.cables.map((cable) => `    - ${cableText(cable)}`)]),
    ...(topology.power.length === 0
      ? []
      : ["  power:", ...topology.power.map((domain) => `    ${text(domain.name)}: ${powerText(domain)}`)]),
    ...(topology.failures === undefined || topology.failures.length === 0
      ? []
      : ["  failures:", ...topology.failures.map((rate) => `    ${text(rate.of)}: ${rateText(rate)}`)]),
    ...(topology.devices.length + topology.cables.length + topology.power.length === 0 ? ["  devices: {}"] : []),
  ];
}

/** As people write it where both ends are plain words; in quotes where one begins an anchor, a comment or the like. */
function cableText(cable: Cable): string {
  const isPlain = [cable.from, cable.to].every((end) => /^[A-Za-z0-9][\w./-]*$/.test(end));
  return isPlain ? formatCable(cable) : text(formatCable(cable));
}

function deviceText(device: Device): string {
  const { kind, power, stpForwardDelay, address, dhcp, dns } = device;
  const stp =
    stpForwardDelay === undefined ? undefined : { forwardDelay: formatDuration(Math.round(stpForwardDelay * 1000)) };
  return flow({ kind, power, wifi: wifiOfferSaid(device), stp, address, dhcp, dns });
}

function powerText(domain: PowerDomain): string {
  const runtime = domain.runtimeMs === undefined ? undefined : formatDuration(domain.runtimeMs);
  const nut = domain.nut === undefined ? undefined : formatNutAddress(domain.nut);
  return flow({ kind: domain.kind, runtime, nut });
}

function rateText(rate: FailureRate): string {
  return flow({ every: formatDuration(rate.everyMs), for: formatDuration(rate.forMs) });
}
