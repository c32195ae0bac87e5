import type { FileSet } from "../../diagnostic/diagnostic.ts";

const radio = /^\[(?:wifi|802-11-wireless)\]$/;
const radioOnly = /^\[(?:(?:wifi|802-11-wireless)-security|802-1x)\]$/;
/** What [wifi] and [ethernet] both have, and mean alike. */
const ofEither = /^(?:mtu|cloned-mac-address|wake-on-lan)\s*=/;

/** Keyfiles with every Wi-Fi profile made one for a cable: in the lab a radio port is a plain wire, and NetworkManager, other than
 *  the rest, takes no wire for a radio. All else stays as written. */
export function radiosAsCables(files: FileSet): FileSet {
  return new Map([...files].map(([path, text]) => [path, path.includes("/NetworkManager/") ? asCable(text) : text]));
}

/** Files of ifupdown2 without the commands that start wpa_supplicant: on a plain wire there is nothing to join, and a command that
 *  fails ends the interface. */
export function withoutSupplicant(files: FileSet): FileSet {
  const starting = /^[ \t]*(?:pre-|post-)?up[ \t]+\S*\bwpa_supplicant[ \t].*\n?/gm;
  return new Map(
    [...files].map(([path, text]) => [path, path.startsWith("/etc/network/") ? text.replace(starting, "") : text]),
  );
}

function asCable(text: string): string {
  let section = "";
  const lines = text.split("\n").flatMap((line): readonly string[] => {
    const bare = line.trim();
    if (bare.startsWith("[")) section = bare;
    if (radio.test(bare)) return ["[ethernet]"];
    if (radioOnly.test(section)) return [];
    if (radio.test(section)) return ofEither.test(bare) ? [line] : [];
    const isType = section === "[connection]" && /^type\s*=\s*(?:wifi|802-11-wireless)$/.test(bare);
    return [isType ? "type=ethernet" : line];
  });
  return lines.join("\n");
}
