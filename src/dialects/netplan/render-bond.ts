import type { Bond } from "../../model/bond.ts";
import { formatOption } from "../../model/option-value.ts";
import { type OptionName, optionRow, optionsIn } from "../../model/options.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import { sendingOf } from "../networkd/sending.ts";
import type { Lose } from "../sayable.ts";
import { networkdTakes, type Spelling, spellingOf } from "./spelling.ts";
import { below, entry, type Lines, list, text } from "./yaml-text.ts";

/** Why an option has no place in a netplan file, and what follows. */
export function unsayable(option: OptionName): string | undefined {
  return spellingOf(option) === "cannot-say"
    ? `netplan has no key for it, and ${keptByKernel(option)}${wayOut(option)}`
    : undefined;
}

/** Options systemd-networkd has a key for though netplan has none. */
const networkdKeys: Partial<Record<OptionName, string>> = {
  ad_actor_sys_prio: "AdActorSystemPriority",
  ad_actor_system: "AdActorSystem",
  ad_user_port_key: "AdUserPortKey",
  arp_missed_max: "ARPMissedMax",
  peer_notif_delay: "PeerNotifyDelaySec",
  tlb_dynamic_lb: "DynamicTransmitLoadBalancing",
};

function wayOut(option: OptionName): string {
  const key = networkdKeys[option];
  return key === undefined ? "" : `; ${key}= in a drop-in for the .netdev that netplan writes would set it`;
}

/** Ports and options of a bond. */
export function bondLines(bond: Bond, renderer: "networkd" | "NetworkManager", lose: Lose): Lines {
  const { kept, refused } = renderer === "networkd" ? sendingOf(bond.options) : { kept: new Map(), refused: new Map() };
  const parameters = optionsIn(bond.options).flatMap((option) => {
    const value = bond.options[option];
    const said = spellingOf(option);
    if (value === undefined || said === "cannot-say") return [];
    const why = whyNot(option, said, value, renderer) ?? kept.get(option) ?? refused.get(option);
    if (why === undefined) return entry(said.key, written(option, said, value));
    const isDefault = value === optionRow(option).default;
    const about = `bond/${bond.name}/option/${option}`;
    if (isDefault)
      lose(about, `${option} ${value} is not written, and is what the kernel does by itself`, { severity: "advice" });
    else
      lose(about, `${option} ${formatOption(option, value as never)} is left out: ${why}, and ${keptByKernel(option)}`);
    return [];
  });
  return [
    ...(bond.ports.length === 0 ? [] : entry("interfaces", list(bond.ports))),
    ...below("parameters", parameters),
  ];
}

function whyNot(
  option: OptionName,
  said: Exclude<Spelling, "cannot-say">,
  value: unknown,
  renderer: string,
): string | undefined {
  if ((said.form === "whole" || said.form === "flag") && value === 0) return "netplan takes 0 for nothing said";
  if (renderer === "networkd" && !networkdTakes(option, value)) return "systemd-networkd has no such value";
  return undefined;
}

function written(option: OptionName, said: Exclude<Spelling, "cannot-say">, value: unknown): string {
  if (said.form === "flag") return value === 1 ? "true" : "false";
  if (said.form === "list") return list(value as readonly string[]);
  if (said.form === "whole" || said.form === "ms" || said.form === "s") return String(value);
  return text(formatOption(option, value as never));
}
