import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { Role } from "../dashboard.ts";

/** Somebody who may log in. */
export interface User {
  readonly name: string;
  readonly role: Role;
  readonly digest: string;
}

/** 32 MiB and some 0.1 s of a PC's core, 0.5 s of a Pi's: what each guess costs, too. Source: OWASP Password Storage, N = 2^15, r = 8, p = 3. */
const cost = { logN: 15, r: 8, p: 3 } as const;
const digestBytes = 32;
const saltBytes = 16;
/** What a digest of a file may ask of us: no more than 128 MiB. */
const most = { logN: 17, r: 8, p: 8 } as const;

/** Names that need no quoting anywhere. */
export const userPattern = /^[a-z][a-z0-9._-]{0,31}$/;
/** Beyond, scrypt would be fed by strangers. */
export const longestPassword = 256;
/** Below, guessing is cheaper than the throttle makes it. */
export const shortestPassword = 10;

/** "scrypt$15$8$3$SALT$KEY", salt and key in base64url. */
export async function digestOf(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, cost);
  return ["scrypt", cost.logN, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Whether the password is the digest's. A digest that can't be read is nobody's. */
export async function isPassword(password: string, digest: string): Promise<boolean> {
  const match = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]{16,64})\$([\w-]{43})$/.exec(digest);
  const [logN, r, p] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (match === null || logN < 10 || logN > most.logN || r < 1 || r > most.r || p < 1 || p > most.p) return false;
  const key = await derive(password, Buffer.from(match[4] ?? "", "base64url"), { logN, r, p });
  return timingSafeEqual(key, Buffer.from(match[5] ?? "", "base64url"));
}

/** What is compared with when there is no such user: it takes as long, and is nobody's. */
export const nobodysDigest = `scrypt$${cost.logN}$${cost.r}$${cost.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

function derive(
  password: string,
  salt: Buffer,
  { logN, r, p }: { readonly logN: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  const options = { N: 2 ** logN, r, p, maxmem: 256 << 20 };
  return new Promise((resolve, reject) => {
    // The same letters typed on another system may come as other code points.
    scrypt(password.normalize("NFC"), salt, digestBytes, options, (problem, key) => {
      if (problem === null) resolve(key);
      else reject(problem);
    });
  });
}

/** A line a user: NAME:ROLE:DIGEST. Lines that are none are passed over: nobody logs in by them. */
export function parseUsers(text: string): readonly User[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", role = "", digest = ""] = line.trim().split(":");
    const isUser = userPattern.test(name) && (role === "viewer" || role === "operator") && digest.startsWith("scrypt$");
    return isUser ? [{ name, role, digest }] : [];
  });
}

/** The file's text. */
export function renderUsers(users: readonly User[]): string {
  const lines = users.map(({ name, role, digest }) => `${name}:${role}:${digest}`);
  return `${["# Users of the dashboard: written by holdfast dashboard --password NAME.", ...lines].join("\n")}\n`;
}

/** The users with this one in place of who had the name. */
export function withUser(users: readonly User[], user: User): readonly User[] {
  return [...users.filter(({ name }) => name !== user.name), user];
}
