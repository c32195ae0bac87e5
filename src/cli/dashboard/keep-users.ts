import { readFileSync } from "node:fs";
import { chown, open, readFile } from "node:fs/promises";
import { parseUsers, renderUsers, type User } from "../../api/server/passwords.ts";
import { errnoOf } from "../../host/linux/read-problem.ts";
import { replaceFile } from "../../host/linux/replace-file.ts";
import { failed, ok, type Result } from "../../model/result.ts";

/** As whom the dashboard's unit runs. */
const serviceUser = "holdfast-dashboard";

/** Changes the users of a file that nobody but its owner may read, and that is made where it is missing. The error is an errno, or
 *  "changed": somebody else wrote it meanwhile. */
export async function keepUsers(
  path: string,
  change: (users: readonly User[]) => readonly User[],
): Promise<Result<readonly User[], string>> {
  try {
    const before = await textOf(path);
    const users = change(parseUsers(before ?? ""));
    const text = renderUsers(users);
    if (before !== undefined) {
      const replaced = await replaceFile(path, before, text);
      if (!replaced.ok) return failed(replaced.error.code === "changed" ? "changed" : replaced.error.errno);
      return ok(users);
    }
    const file = await open(path, "wx", 0o600);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    const owner = idsOf(serviceUser);
    // As root it is made for the service; whoever tries it out as himself serves it as himself.
    if (process.getuid?.() === 0 && owner !== undefined) await chown(path, owner.uid, owner.gid);
    return ok(users);
  } catch (problem) {
    return failed(errnoOf(problem));
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (problem) {
    if (errnoOf(problem) === "ENOENT") return undefined;
    throw problem;
  }
}

function idsOf(name: string): { readonly uid: number; readonly gid: number } | undefined {
  try {
    const rows = readFileSync("/etc/passwd", "utf8").split("\n");
    const row = rows.map((line) => line.split(":")).find(([user]) => user === name);
    const [uid, gid] = [Number(row?.[2]), Number(row?.[3])];
    return row === undefined || !Number.isInteger(uid) || !Number.isInteger(gid) ? undefined : { uid, gid };
  } catch {
    return undefined;
  }
}
