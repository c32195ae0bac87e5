import type { Draft } from "../../init/draft.ts";
import type { Config } from "../../model/config.ts";

/** What is left to do, for people: commands to copy. */
export function nextSteps(draft: Draft, config: Config, file: string): string {
  const keys = config.interfaces.flatMap(({ wifi }) =>
    wifi?.psk !== undefined && "file" in wifi.psk ? [{ ssid: wifi.ssid, path: underHoldfast(wifi.psk.file) }] : [],
  );
  const missing = draft.ports.filter((port) => draft.seen.host.links.every(({ name }) => name !== port));
  return [
    "",
    "Next",
    ...missing.map((port) => `  ${port} isn't there yet: plug it in before you apply.`),
    ...keys.flatMap(({ ssid, path }) => [
      `  The pass phrase of ${ssid} goes into a file for root alone:`,
      `    sudo install -d -m 700 ${path.slice(0, path.lastIndexOf("/"))}`,
      `    sudo install -m 600 /dev/stdin ${path}`,
      "    (type it, then Enter and Ctrl-D)",
    ]),
    "  Make every part fail once, in a kernel of its own:",
    `    holdfast rehearse ${file}`,
    "  See what else dies with what:",
    `    holdfast audit ${file} --host`,
    "  Put it in force; it comes back by itself if it cuts you off:",
    `    sudo holdfast apply ${file}`,
    "",
  ].join("\n");
}

function underHoldfast(path: string): string {
  return path.startsWith("/") ? path : `/etc/holdfast/${path}`;
}
