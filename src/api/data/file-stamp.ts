import { statSync } from "node:fs";

/** A file or directory as a text that is another one when it has changed; "" where there is none, or it may not be seen. */
export function fileStamp(path: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return "";
  }
}
