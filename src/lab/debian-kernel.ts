import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine } from "./lab.ts";
import { runCommand } from "./run-command.ts";

/** Debian's user-mode-linux as an engine, where that package is installed. Its clock is the real one. */
export async function debianKernel(): Promise<Engine | undefined> {
  const folders = (process.env["PATH"] ?? "").split(":").filter((folder) => folder.startsWith("/"));
  const image = [...folders, "/usr/bin"].map((folder) => join(folder, "linux.uml")).find((path) => existsSync(path));
  if (image === undefined) return undefined;
  const { status, stdout } = await runCommand([image, "--version"]);
  if (status !== 0) return undefined;
  const modules = "/usr/lib/uml/modules";
  return {
    name: "uml",
    clock: "real",
    kernel: `${stdout.trim()} (Debian user-mode-linux)`,
    image,
    ...(existsSync(modules) ? { modules } : {}),
  };
}
