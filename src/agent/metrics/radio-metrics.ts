import type { State } from "../../watch/state.ts";
import { channelOf } from "../../wire/nl80211.ts";
import type { Association } from "../association.ts";
import type { Family, Sample } from "./exposition.ts";

/** What radios have joined, and how well they hear it. */
export function aboutRadios(
  state: State,
  { radioOf }: { readonly radioOf?: (port: string) => Association | undefined },
): readonly Family[] {
  const radios = state.ports.flatMap(({ name }) => {
    const known = radioOf?.(name);
    return known === undefined ? [] : [{ port: name, known }];
  });
  const per = (value: (known: Association) => number | undefined): readonly Sample[] =>
    radios.flatMap(({ port, known }) => {
      const found = value(known);
      return found === undefined ? [] : [{ labels: { port }, value: found }];
    });
  const heard = ({ joined, link }: Association) => (joined ? link?.station : undefined);
  const family = (name: string, help: string, samples: readonly Sample[]): Family => ({
    name,
    help,
    type: "gauge",
    samples,
  });
  return [
    family(
      "holdfast_radio_joined",
      "1 while the port's radio has joined its network, key and all.",
      per(({ joined }) => Number(joined)),
    ),
    family(
      "holdfast_radio_signal_dbm",
      "How well the access point is heard; absent where the driver doesn't say.",
      per((known) => heard(known)?.signalDbm),
    ),
    family(
      "holdfast_radio_send_bits_per_second",
      "Rate on the air of the latest frames sent.",
      per((known) => bits(heard(known)?.sendsMbps)),
    ),
    family(
      "holdfast_radio_receive_bits_per_second",
      "Rate on the air of the latest frames heard.",
      per((known) => bits(heard(known)?.hearsMbps)),
    ),
    family(
      "holdfast_radio_channel",
      "Channel of the access point.",
      per(({ joined, link }) => (joined ? channelOf(link?.interface.frequencyMhz ?? 0) : undefined)),
    ),
    family(
      "holdfast_radio_info",
      "Network and access point, as labels.",
      radios.flatMap(({ port, known }) => {
        const station = heard(known);
        const labels = { port, ssid: known.link?.interface.ssid ?? "", bssid: station?.bssid ?? "" };
        return station === undefined ? [] : [{ labels, value: 1 }];
      }),
    ),
  ];
}

function bits(mbps: number | undefined): number | undefined {
  return mbps === undefined ? undefined : mbps * 1e6;
}
