/** Options of bridge-utils that are settings of the bridge, and the kernel's names for them. Source: bridge-utils-interfaces(5). */
const kernelNames: Readonly<Record<string, string>> = {
  stp: "stp_state",
  fd: "forward_delay",
  hello: "hello_time",
  maxage: "max_age",
  ageing: "ageing_time",
  bridgeprio: "priority",
  vlan_aware: "vlan_filtering",
};

/** Options of bridge-utils that the kernel has no one name for: kept as they are spelt. */
const ownKeys = [
  "gcint",
  "hw",
  "maxwait",
  "pathcost",
  "portprio",
  "waitport",
  "disableautoconf",
  "vids",
  "portmcrouter",
];

/** The model's name of a setting, by what stands behind "bridge_". */
export function settingOfKey(key: string): string {
  return Object.hasOwn(kernelNames, key) ? (kernelNames[key] ?? key) : key;
}

/** What stands behind "bridge_" for a setting; undefined where bridge-utils has no option for it. */
export function bridgeKeyOf(setting: string): string | undefined {
  if (ownKeys.includes(setting)) return setting;
  return Object.entries(kernelNames).find(([, name]) => name === setting)?.[0];
}

/** Whether a setting is on or off. */
export function isSwitch(setting: string): setting is "stp_state" | "vlan_filtering" {
  return setting === "stp_state" || setting === "vlan_filtering";
}

/** The model's value for what an option says; undefined where it says nothing that can be understood. */
export function bridgeSettingOf(key: string, value: string): string | undefined {
  if (!Object.hasOwn(kernelNames, key)) return value;
  if (!isSwitch(settingOfKey(key))) return /^\d{1,9}(\.\d{1,3})?$/.test(value) ? value : undefined;
  if (/^(on|yes|1|true)$/i.test(value)) return "1";
  return /^(off|no|0|false)$/i.test(value) ? "0" : undefined;
}
