import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { errnoOf } from "../../host/linux/read-problem.ts";
import type { SecretFile } from "../../model/notify.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import type { Refusal } from "./delivery.ts";

const MOST_BYTES = 4_096;

/** The secret in a file, read when it is needed so that a new one holds at once. White space at its end doesn't count. */
export async function readSecret(directory: string, { file }: SecretFile): Promise<Result<string, Refusal>> {
  const read = await readSmall(resolve(directory, file), MOST_BYTES);
  if (!read.ok) return read;
  const secret = read.value.trimEnd();
  if (secret === "") return failed({ reason: `the secret in ${file} is empty` });
  // It ends up in a header or a command: a line break there would begin another one.
  if (/\p{Cc}/u.test(secret))
    return failed({ reason: `the secret in ${file} holds a line break or control character` });
  return ok(secret);
}

/** The certificates in a file; undefined where none is named. */
export async function readCertificates(
  directory: string,
  file: string | undefined,
): Promise<Result<string | undefined, Refusal>> {
  return file === undefined ? ok(undefined) : readSmall(resolve(directory, file), 1_048_576);
}

async function readSmall(path: string, most: number): Promise<Result<string, Refusal>> {
  try {
    const file = await open(path, "r");
    try {
      if (!(await file.stat()).isFile()) return failed({ reason: `${path} is no file` });
      const { buffer, bytesRead } = await file.read(Buffer.alloc(most + 1), 0, most + 1, 0);
      if (bytesRead > most) return failed({ reason: `${path} is larger than ${most} bytes` });
      return ok(buffer.toString("utf8", 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (problem) {
    return failed({ reason: `${path} cannot be read: ${errnoOf(problem)}` });
  }
}
