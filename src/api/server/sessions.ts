import { createHash, randomBytes } from "node:crypto";
import type { Role } from "../dashboard.ts";

/** Somebody who is logged in. */
export interface Session {
  readonly user: string;
  readonly role: Role;
  /** The digest of the password by which it began: another one ends it. */
  readonly digest: string;
  /** Against forged POSTs. */
  readonly token: string;
  /** When it ends, ms of the wall clock; moved on by use. */
  expiresAt: number;
  /** When it ends at the latest. */
  readonly endsAt: number;
}

export interface Sessions {
  /** Begins one: what the cookie says. */
  begin(
    user: { readonly name: string; readonly role: Role; readonly digest: string },
    at: number,
  ): {
    readonly id: string;
    readonly session: Session;
  };
  /** The living session of a cookie, moved on; undefined: there is none. */
  find(id: string, at: number): Session | undefined;
  end(session: Session): void;
  /** Ends those that `isOver` says yes to. */
  endAll(isOver: (session: Session) => boolean): void;
  /** Called with each session that ended, however it did. */
  onEnd(listener: (session: Session) => void): void;
}

const hourMs = 3_600_000;
/** Unused for so long it ends; a page that is open uses it. */
const idleMs = 12 * hourMs;
/** Even in use. */
const lifeMs = 30 * 24 * hourMs;
/** Together, and of one user; beyond, the oldest ends. */
const mostSessions = 200;
const mostOfUser = 20;

/** Sessions in memory: they end with the process. Cookies are kept as digests only, so that a core file gives none away. */
export function newSessions(): Sessions {
  const sessions = new Map<string, Session>();
  const listeners: ((session: Session) => void)[] = [];
  const drop = (key: string): void => {
    const session = sessions.get(key);
    sessions.delete(key);
    if (session !== undefined) for (const listener of listeners) listener(session);
  };
  const endAll = (isOver: (session: Session) => boolean): void => {
    for (const [key, session] of [...sessions]) if (isOver(session)) drop(key);
  };
  return {
    begin({ name, role, digest }, at) {
      endAll(({ expiresAt }) => expiresAt <= at);
      const own = [...sessions].filter(([, { user }]) => user === name);
      for (const [key] of own.slice(0, Math.max(0, own.length - mostOfUser + 1))) drop(key);
      for (const key of [...sessions.keys()].slice(0, Math.max(0, sessions.size - mostSessions + 1))) drop(key);
      const id = randomBytes(32).toString("base64url");
      const token = randomBytes(32).toString("base64url");
      const session = { user: name, role, digest, token, expiresAt: at + idleMs, endsAt: at + lifeMs };
      sessions.set(keyOf(id), session);
      return { id, session };
    },
    find(id, at) {
      const key = keyOf(id);
      const session = sessions.get(key);
      if (session === undefined) return undefined;
      if (session.expiresAt <= at) {
        drop(key);
        return undefined;
      }
      session.expiresAt = Math.min(session.endsAt, at + idleMs);
      return session;
    },
    end: (ended) => endAll((session) => session === ended),
    endAll,
    onEnd: (listener) => void listeners.push(listener),
  };
}

function keyOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}
