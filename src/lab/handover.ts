import { closeSync, constants, openSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// What Node doesn't name: open(2)'s O_TMPFILE, an anonymous file in a directory (with O_DIRECTORY, as the kernel wants it).
const anonymous = 0o20200000;

/** A file without a name that holds `text`, as a descriptor for a child process: it is gone with its last holder.
 *  Padded with `filler` to whole sectors, so that a guest can read it as a block device. The caller closes it. */
export function nameless(text: string, filler: " " | "\n"): number {
  const bytes = Buffer.from(text, "utf8");
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512, filler);
  const descriptor = openNameless();
  try {
    for (const part of [bytes, padding]) {
      for (let done = 0; done < part.length; ) done += writeSync(descriptor, part, done);
    }
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
  return descriptor;
}

function openNameless(): number {
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
