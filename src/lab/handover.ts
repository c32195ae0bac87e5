import { constants, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";

// What Node doesn't name: open(2)'s O_TMPFILE, an anonymous file in a directory (with O_DIRECTORY, as the kernel wants it).
const anonymous = 0o20200000;

/** A file without a name, as a descriptor to share with a child process: it is gone with its last holder. The caller closes it. */
export function openNameless(): number {
  try {
    return openSync(tmpdir(), anonymous | constants.O_RDWR, 0o600);
  } catch {
    // A file system without such files: the name lives for the blink of an eye.
    const path = join(tmpdir(), `.holdfast-${process.pid}-${process.hrtime.bigint()}`);
    const descriptor = openSync(path, "wx+", 0o600);
    unlinkSync(path);
    return descriptor;
  }
}

/** A nameless file that holds `text`; its offset stays at the beginning, for whoever inherits it. The caller closes it. */
export function namelessWith(text: string): number {
  const descriptor = openNameless();
  const bytes = Buffer.from(text, "utf8");
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done, done);
  return descriptor;
}

/** Reads what was added to a file since the last call, as text. Throws when the file grows beyond `longest` bytes. */
export function follow(descriptor: number, longest: number): () => string {
  const decoder = new StringDecoder("utf8");
  const buffer = Buffer.allocUnsafe(1 << 18);
  let at = 0;
  return () => {
    const parts: string[] = [];
    for (;;) {
      const size = readSync(descriptor, buffer, 0, buffer.length, at);
      if (size === 0) return parts.join("");
      at += size;
      if (at > longest) throw new Error(`the guest wrote more than ${longest} bytes`);
      parts.push(decoder.write(buffer.subarray(0, size)));
    }
  };
}
