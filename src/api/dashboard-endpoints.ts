/** Every question the dashboard's server answers: routes, checks of queries and the OpenAPI document are made of this list. */

/** A parameter in the query or the path. */
export interface EndpointParameter {
  readonly about: string;
  /** time: wall clock, ms since 1970. whole: an integer from `min` to `max`. name: a device or a path. words: some of `words`, commas between. */
  readonly kind: "time" | "whole" | "name" | "word" | "words";
  readonly words?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** What is taken when it isn't said, for people. */
  readonly fallback?: string;
}

export interface Endpoint {
  readonly method: "GET" | "POST";
  /** Below /api/v1; {port} is a parameter. */
  readonly path: string;
  readonly about: string;
  /** Who may ask. nobody: needs no login. */
  readonly role: "nobody" | "viewer" | "operator";
  readonly query?: Readonly<Record<string, EndpointParameter>>;
  /** The type of the body, by its name in dashboard.ts. */
  readonly body?: string;
  /** The type of the answer, by its name in dashboard.ts; "stream" for server-sent events. */
  readonly answer: string;
}

/** Where all of them begin. */
export const apiRoot = "/api/v1";

const from = { kind: "time", about: "Begin of the span." } as const;
const to = { kind: "time", about: "End of the span.", fallback: "now" } as const;

/** The list. Names are stable. */
export const endpoints = {
  session: { method: "GET", path: "/session", role: "nobody", about: "Who asks", answer: "SessionDocument" },
  login: {
    method: "POST",
    path: "/login",
    role: "nobody",
    about: "Begin a session",
    body: "LoginRequest",
    answer: "SessionDocument",
  },
  logout: { method: "POST", path: "/logout", role: "viewer", about: "End the session", answer: "SessionDocument" },
  status: { method: "GET", path: "/status", role: "viewer", about: "How the bond is now", answer: "StatusDocument" },
  events: {
    method: "GET",
    path: "/events",
    role: "viewer",
    about: "What happened, the newest first",
    query: {
      before: { kind: "whole", about: "Only events with a smaller id.", min: 1, max: Number.MAX_SAFE_INTEGER },
      limit: { kind: "whole", about: "At most so many.", min: 1, max: 1000, fallback: "100" },
      kinds: { kind: "words", about: "Only these kinds (`what` of an event): moved,outage-begins.", fallback: "all" },
      from: { ...from, fallback: "the beginning" },
      to,
    },
    answer: "EventsPage",
  },
  outages: {
    method: "GET",
    path: "/outages",
    role: "viewer",
    about: "Troubles with their causes and what they cost, the newest first",
    query: {
      before: { kind: "time", about: "Only troubles that began before." },
      limit: {
        kind: "whole",
        about: "At most so many, and what began at the same moment.",
        min: 1,
        max: 1000,
        fallback: "200",
      },
      from: { ...from, fallback: "a year before the end" },
      to,
    },
    answer: "OutagesDocument",
  },
  availability: {
    method: "GET",
    path: "/availability",
    role: "viewer",
    about: "How much of the time traffic had a way",
    query: {
      from: { ...from, fallback: "30 days, 12 months or 5 years before the end" },
      to,
      by: { kind: "word", words: ["day", "month", "year"], about: "What the span is cut into.", fallback: "day" },
    },
    answer: "AvailabilityDocument",
  },
  "path-history": {
    method: "GET",
    path: "/paths/history",
    role: "viewer",
    about: "Round trips and losses of every path, for charts",
    query: {
      port: { kind: "name", about: "Only paths through this port.", fallback: "all ports" },
      from: { ...from, fallback: "all that is remembered" },
      to,
      step: { kind: "word", words: ["second", "minute"], about: "How fine.", fallback: "second" },
    },
    answer: "PathHistoryDocument",
  },
  topology: { method: "GET", path: "/topology", role: "viewer", about: "The picture", answer: "TopologyDocument" },
  audit: { method: "GET", path: "/audit", role: "viewer", about: "What else dies with what", answer: "AuditAnswer" },
  drills: { method: "GET", path: "/drills", role: "viewer", about: "Drills of this host", answer: "DrillsDocument" },
  rehearsals: {
    method: "GET",
    path: "/rehearsals",
    role: "viewer",
    about: "What the lab has shown of this configuration",
    answer: "RehearsalsDocument",
  },
  "what-if": {
    method: "GET",
    path: "/what-if",
    role: "viewer",
    about: "What would happen if, for every fault",
    answer: "WhatIfDocument",
  },
  pin: {
    method: "POST",
    path: "/ports/{port}/pin",
    role: "operator",
    about: "Traffic to this port, until auto",
    answer: "OrderDocument",
  },
  drain: {
    method: "POST",
    path: "/ports/{port}/drain",
    role: "operator",
    about: "Traffic away from this port",
    answer: "OrderDocument",
  },
  undrain: {
    method: "POST",
    path: "/ports/{port}/undrain",
    role: "operator",
    about: "This port may carry traffic again",
    answer: "OrderDocument",
  },
  auto: {
    method: "POST",
    path: "/auto",
    role: "operator",
    about: "No port is pinned any more",
    answer: "OrderDocument",
  },
  drill: {
    method: "POST",
    path: "/drill",
    role: "operator",
    about: "Start a drill, where this host allows it; 409 with the command to type where it doesn't",
    answer: "OrderDocument",
  },
  stream: {
    method: "GET",
    path: "/stream",
    role: "viewer",
    about: "Status and events as they happen",
    answer: "stream",
  },
  openapi: { method: "GET", path: "/openapi.json", role: "nobody", about: "This list as OpenAPI", answer: "OpenApi" },
} as const satisfies Readonly<Record<string, Endpoint>>;

export type EndpointName = keyof typeof endpoints;
