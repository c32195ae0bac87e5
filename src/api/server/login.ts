import type { LoginRequest, SessionDocument } from "../dashboard.ts";
import { type Answer, found, refused } from "./answer.ts";
import { isPassword, longestPassword, nobodysDigest } from "./passwords.ts";
import type { Ask } from "./respond.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Throttle } from "./throttle.ts";
import type { UserFile } from "./user-file.ts";

/** What logging in needs. */
export interface Door {
  readonly sessions: Sessions;
  readonly users: UserFile;
  readonly throttle: Throttle;
  readonly cookie: string;
  /** The cookie goes over https alone. */
  readonly isSecure: boolean;
  readonly host: string;
  readonly version: string;
  /** Wall clock, and one that doesn't leap, ms. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly log: (line: string) => void;
}

/** Passwords being tried at once: each takes 32 MiB and a thread. */
const mostTries = 2;

/** GET session, POST login, POST logout. */
export function doorOf(
  door: Door,
): Readonly<Record<"session" | "login" | "logout", (ask: Ask) => Answer | Promise<Answer>>> {
  let trying = 0;
  return {
    session: ({ session }) => found(sessionDocument(door, session)),
    async login(ask) {
      if (trying >= mostTries) return tooMany(1_000);
      const wished = readLogin(ask);
      if (wished === undefined) return refused(400, "bad-body", "a login is JSON with user and password");
      const waitMs = door.throttle.take(ask.address, door.monotonic());
      if (waitMs > 0) return tooMany(waitMs);
      trying += 1;
      try {
        return await tryLogin(door, ask, wished);
      } finally {
        trying -= 1;
      }
    },
    logout({ session }) {
      if (session !== undefined) door.sessions.end(session);
      return { ...found(sessionDocument(door, undefined)), headers: { "Set-Cookie": cookieText(door, "", 0) } };
    },
  };
}

/** Ends the sessions of users that are gone, or have another password or role. */
export function endStale({ sessions, users }: Pick<Door, "sessions" | "users">): void {
  const now = users.users();
  sessions.endAll(
    ({ user, role, digest }) => !now.some((one) => one.name === user && one.role === role && one.digest === digest),
  );
}

async function tryLogin(door: Door, { address }: Ask, { user, password }: LoginRequest): Promise<Answer> {
  const known = door.users.users().find(({ name }) => name === user);
  // As long for nobody as for somebody: who has a login here is nobody's business.
  const isRight = await isPassword(password, known?.digest ?? nobodysDigest);
  if (known === undefined || !isRight) {
    // What was typed for a name may be a password.
    door.log(`login refused from ${address}${known === undefined ? "" : ` for ${known.name}`}`);
    return refused(401, "login-wrong", "the name or the password is wrong");
  }
  door.throttle.succeeded(address, door.monotonic());
  const { id, session } = door.sessions.begin(known, door.now());
  door.log(`${known.name} (${known.role}) logged in from ${address}`);
  const lifeSeconds = Math.round((session.endsAt - door.now()) / 1000);
  return { ...found(sessionDocument(door, session)), headers: { "Set-Cookie": cookieText(door, id, lifeSeconds) } };
}

function readLogin({ body, contentType }: Ask): LoginRequest | undefined {
  // A form of another site can't say that it is JSON.
  if (!/^application\/json\s*(;|$)/i.test(contentType)) return undefined;
  try {
    const { user, password } = JSON.parse(body) as Partial<Record<keyof LoginRequest, unknown>>;
    if (typeof user !== "string" || typeof password !== "string") return undefined;
    return user.length > 64 || password.length > longestPassword ? undefined : { user, password };
  } catch {
    return undefined;
  }
}

function tooMany(waitMs: number): Answer {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const answer = refused(429, "too-many", "too many tries", `Wait ${seconds} s.`);
  return { ...answer, headers: { "Retry-After": String(seconds) } };
}

function cookieText({ cookie, isSecure }: Door, id: string, seconds: number): string {
  return `${cookie}=${id}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`;
}

function sessionDocument({ host, version }: Door, session: Session | undefined): SessionDocument {
  if (session === undefined) return { user: null, role: null, token: null, expiresAt: null, host: "", version: "" };
  const { user, role, token, expiresAt } = session;
  return { user, role, token, expiresAt, host, version };
}
