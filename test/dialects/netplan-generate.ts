import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { realProgram } from "./real-program.ts";

/** What the real netplan makes of files, or why it refuses them. */
export type Generated = { readonly files: FileSet } | { readonly refusal: string };

const generator = await realProgram({
  variable: "HOLDFAST_NETPLAN_GENERATE",
  paths: ["usr/libexec/netplan/generate", "usr/lib/netplan/generate"],
  packages: ["netplan.io", "systemd"],
});

/** Why tests beside the real netplan are skipped, or undefined where there is one. */
export const netplanMissing =
  generator === undefined
    ? "no netplan is to be had (install netplan.io, or set HOLDFAST_NETPLAN_GENERATE)"
    : undefined;

/** Hands files to netplan in a root of their own, and reads what it wrote for systemd-networkd, NetworkManager and
 *  wpa_supplicant. */
export function generate(files: FileSet): Generated {
  const root = mkdtempSync(join(tmpdir(), "holdfast-netplan-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), text);
      chmodSync(join(root, path), 0o600);
    }
    const run = generator?.run(["--root-dir", root]);
    if (run === undefined) return { refusal: netplanMissing ?? "" };
    if (run.status !== 0) return { refusal: run.stderr.trim() || `ended by ${run.signal}` };
    const written = [
      ...read(root, "/run/systemd/network", /\.(network|netdev|link)$/),
      ...read(root, "/run/NetworkManager/system-connections", /\.nmconnection$/),
      ...read(root, "/run/netplan", /^wpa-.*\.conf$/),
    ];
    return { files: new Map(written) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function read(root: string, folder: string, wanted: RegExp): readonly (readonly [string, string])[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path).filter((name) => wanted.test(name));
  return names.map((name) => [`${folder}/${name}`, readFileSync(join(path, name), "utf8")]);
}
