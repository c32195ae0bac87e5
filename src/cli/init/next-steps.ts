import { wrap } from "../../diagnostic/wrap.ts";
import type { Draft } from "../../init/draft.ts";
import type { Config } from "../../model/config.ts";
import type { Installed } from "../installed-here.ts";

/** Whether it was rehearsed just now, can be here, or why it can't. */
export type LabHere = "rehearsed" | "can rehearse" | { readonly message: string };

/** Where the file is, and how it can be rehearsed. */
export interface Written {
  readonly file: string;
  readonly lab: LabHere;
  /** Whoever brings this host up, where the lab has it; absent: the lab's own choice. */
  readonly manager?: string | undefined;
  readonly installed: Installed;
}

/** What is left to do, for people: commands to copy. */
export function nextSteps(draft: Draft, config: Config, { file, lab, manager, installed }: Written): string {
  const { program } = installed;
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
    ...rehearsal(program, manager === undefined ? file : `${file} --manager ${manager}`, lab),
    "  See what else dies with what:",
    `    ${program} audit ${file} --host`,
    "  See what would change on this host, and what that would interrupt:",
    `    ${program} plan ${file}`,
    ...(installed.install === undefined
      ? []
      : ["  Install it: the agent can watch, a reboot takes back what wasn't confirmed:", `    ${installed.install}`]),
    "  Put it in force; it comes back by itself if it cuts you off:",
    `    ${installed.asRoot} apply ${file}`,
    ...watching(file, installed),
    "",
  ].join("\n");
}

/** The agent reads its file from its own place. */
function watching(file: string, { service, asRoot }: Installed): readonly string[] {
  const place = "/etc/holdfast/holdfast.yaml";
  return [
    "  Once it is confirmed, have the agent watch it, and look:",
    ...(file === place ? [] : [`    sudo install -m 640 -g holdfast ${file} ${place}`]),
    service === "other"
      ? `    ${asRoot} agent      (deploy/README.md: how it is started at boot)`
      : "    sudo systemctl enable --now holdfast-agent",
    `    ${asRoot} status --watch`,
  ];
}

function rehearsal(program: string, file: string, lab: LabHere): readonly string[] {
  if (lab === "rehearsed") return [];
  const here = lab === "can rehearse" ? "" : `on another machine (${lab.message})`;
  return [
    ...wrap(`Make every part fail once, in a kernel of its own${here === "" ? "" : `, ${here}`}:`, 76).map(
      (one) => `  ${one}`,
    ),
    `    ${program} rehearse ${file}`,
  ];
}

function underHoldfast(path: string): string {
  return path.startsWith("/") ? path : `/etc/holdfast/${path}`;
}
