import { readFileSync } from "node:fs";
import { fileStamp } from "../data/file-stamp.ts";
import { parseUsers, type User } from "./passwords.ts";

/** The users as their file has them now: read again when it changed. */
export interface UserFile {
  users(): readonly User[];
}

/** Looks at the file whenever somebody asks; one that is missing, or can't be read, has no users. */
export function userFile(path: string): UserFile {
  let known = "";
  let users: readonly User[] = [];
  return {
    users() {
      const now = fileStamp(path);
      if (now !== known) users = now === "" ? [] : read(path);
      known = now;
      return users;
    },
  };
}

function read(path: string): readonly User[] {
  try {
    return parseUsers(readFileSync(path, "utf8"));
  } catch {
    return [];
  }
}
