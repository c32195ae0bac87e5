import { attempt, trying } from "./disk-problem.ts";
import type { Ports } from "./ports.ts";

/** Words of a small file in /run; none when it isn't there. */
export function readNote({ disk }: Ports, path: string): readonly string[] {
  const bytes = attempt(() => disk.read(path));
  return bytes.ok ? Buffer.from(bytes.value).toString("utf8").split(/\s+/).filter(Boolean) : [];
}

/** Writes it anew. A /run without room costs what the note is for, and stops nothing. */
export function replaceNote({ disk, places }: Ports, path: string, words: readonly string[]): void {
  trying(() => {
    if (disk.look(places.run) === null) disk.makeDirectory(places.run, 0o755);
    if (disk.look(path) !== null) disk.unlink(path);
    const file = disk.create(path);
    file.write(Buffer.from(`${words.join(" ")}\n`));
    file.close();
  });
}
