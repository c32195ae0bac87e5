import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The real nmcli with its --offline mode (NetworkManager 1.42 and later), from the PATH; undefined: it is not installed. */
export function findNmcli(): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin"];
  const path = folders.map((folder) => join(folder, "nmcli")).find((one) => existsSync(one));
  if (path === undefined) return undefined;
  return spawnSync(path, ["--offline", "connection", "add", "type", "dummy", "ifname", "d0"]).status === 0
    ? path
    : undefined;
}

/** The profile as NetworkManager itself reads, completes and writes it, or why it refuses it. */
export function normalised(nmcli: string, profile: string): { readonly text: string } | { readonly refused: string } {
  // An empty zone is no zone: nothing is modified.
  const { status, stdout, stderr } = spawnSync(nmcli, ["--offline", "connection", "modify", "connection.zone", ""], {
    input: profile,
    encoding: "utf8",
  });
  return status === 0 && stdout !== "" ? { text: stdout } : { refused: stderr.trim() };
}
