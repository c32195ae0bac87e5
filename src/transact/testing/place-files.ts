import { dirname } from "node:path";
import type { FileImage } from "../../plan/change.ts";
import type { Machine } from "./machine.ts";
import type { Story } from "./story.ts";

/** Makes directories that are on the disk at once. */
export function putDirectories(machine: Machine, paths: readonly string[]): void {
  const disk = machine.disk.view(() => {});
  for (const path of paths) {
    for (const above of path.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"))) {
      if (above === "" || machine.disk.find(above) !== undefined) continue;
      disk.makeDirectory(above, 0o755);
      disk.syncDirectory(dirname(above));
    }
  }
}

/** Puts a file there as an editor does: whole, and on the disk. */
export function putFile(machine: Machine, path: string, { bytes, ...dress }: FileImage): void {
  const disk = machine.disk.view(() => {});
  const temporary = `${path}.edited`;
  const file = disk.create(temporary);
  file.write(bytes);
  file.dress(dress);
  file.sync();
  disk.rename(temporary, path);
  disk.syncDirectory(dirname(path));
}

/** What the running network is made from: the files as they are, or as the change will have them. */
export function signatureOf(machine: Machine, { request }: Story, which: "now" | "after" = "now"): string {
  if (which === "now") return machine.signature();
  return request.change.files
    .map(({ path, after }) => `${path}=${Buffer.from(after?.bytes ?? Buffer.from("none")).toString("latin1")}`)
    .join("\n");
}
