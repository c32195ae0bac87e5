/** Attributes of a bridge and the kernel's names for them. Source: executor-scripts/linux/bridge. */
export const bridgeKeys = [
  ["bridge-stp", "stp_state"],
  ["bridge-fd", "forward_delay"],
  ["bridge-hello", "hello_time"],
  ["bridge-maxage", "max_age"],
  ["bridge-ageing", "ageing_time"],
  ["bridge-bridgeprio", "priority"],
  ["bridge-vlan-aware", "vlan_filtering"],
] as const;

function isSwitch(setting: string): boolean {
  return setting === "stp_state" || setting === "vlan_filtering";
}

/** The model's value for what an attribute says. Times go to ip as they are, and ip counts in hundredths of a second; of the words
 *  for a switch only yes, true and 1 turn it on. undefined: no number. */
export function settingValue(setting: string, value: string): string | undefined {
  if (isSwitch(setting)) return /^(yes|YES|true|TRUE|1)$/.test(value) ? "1" : "0";
  if (!/^\d{1,9}$/.test(value)) return undefined;
  return setting === "priority" ? String(Number(value)) : String(Number(value) / 100);
}

/** What an attribute must say for a value of the model; undefined where it cannot. */
export function attributeValue(setting: string, value: string): string | undefined {
  if (isSwitch(setting)) return value === "1" ? "yes" : value === "0" ? "no" : undefined;
  if (!/^\d{1,6}(\.\d{1,2})?$/.test(value)) return undefined;
  const written = setting === "priority" ? value : String(Math.round(Number(value) * 100));
  return settingValue(setting, written) === value ? written : undefined;
}
