import { readIni } from "../../syntax/ini.ts";

/** Whether NetworkManager made this profile by itself, for a port that no other profile is for ("Wired connection 1"): it goes as soon as
 *  one is, and with every boot. Source: nms-keyfile-plugin.c, the keys of [.nmmeta]. */
export function isMadeByItself(path: string, text: string): boolean {
  if (!path.includes("/run/NetworkManager/system-connections/")) return false;
  const meta = readIni(path, text, "keyfile").sections.filter(({ name }) => name === ".nmmeta");
  return meta.some(({ entries }) =>
    entries.some(({ key, value }) => (key === "nm-generated" || key === "volatile") && value.trim() === "true"),
  );
}
