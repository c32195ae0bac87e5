/** What the dashboard's server answers, under /api/v1: the same stable contract as `--json`. Which way leads to which document is
 *  `dashboard-endpoints.ts`. Times are wall clock, ms since 1970, and spans ms, unless said otherwise.
 *
 *  The page is built into dist/web and served from there: index.html for / (and for every path of one plain word), files named
 *  NAME-XXXXXXXX.EXT (eight letters or digits of a hash) for ever, others with an ETag; FILE.br and FILE.gz beside FILE are sent to who
 *  takes them. Its policy is script-src, style-src, img-src, connect-src 'self' and nothing else: no inline script, no style attribute in
 *  markup (element.style.x = … is fine), no data: address, and trusted types are required: no innerHTML. */

import type { PathsRemembered } from "../agent/path-history.ts";
import type { Rehearsal } from "../measure/rehearsal.ts";
import type { DeviceKind } from "../model/config.ts";
import type { StatusDocument } from "../report/status-input.ts";
import type { DrillRecord } from "../store/drills.ts";
import type { RehearsalRecord, Rehearsed } from "../store/rehearsals.ts";
import type { Scenario } from "../topology/lab-plan.ts";
import type { StoredEvent } from "../watch/chronicle.ts";
import type { Cause } from "../watch/effect.ts";
import type { AuditDocument } from "./types.ts";

export type { PathRemembered } from "../agent/path-history.ts";
export type { Rehearsal } from "../measure/rehearsal.ts";
export type * from "../report/status-input.ts";
export type { CutRecorded, DrillRecord } from "../store/drills.ts";
export type { RehearsalRecord, Rehearsed } from "../store/rehearsals.ts";
export type { Kept, StoredEvent } from "../watch/chronicle.ts";
export type { Cause } from "../watch/effect.ts";
export type { AuditDocument } from "./types.ts";

/** viewer: sees everything. operator: may also pin, drain and start drills. */
export type Role = "viewer" | "operator";

/** Every answer with a status of 400 and above. */
export interface ProblemDocument {
  /** Stable: "login-needed", "role-needed", "token-wrong", "login-wrong", "too-many", "not-found", "bad-query", "agent-absent", … */
  readonly code: string;
  /** For people, without a full stop. */
  readonly message: string;
  /** What to do. */
  readonly hint?: string;
}

/** GET session: who asks. Needs no login. POST login answers with it, too. */
export interface SessionDocument {
  /** null: nobody is logged in, and every other question is refused with 401. */
  readonly user: string | null;
  readonly role: Role | null;
  /** To be sent with every POST but login, as header X-Holdfast-Token. */
  readonly token: string | null;
  /** When the session ends by itself; every question moves it on, to a limit. */
  readonly expiresAt: number | null;
  /** The host's own name. "" before the login. */
  readonly host: string;
  /** Holdfast's own. "" before the login. */
  readonly version: string;
}

/** POST login. */
export interface LoginRequest {
  readonly user: string;
  readonly password: string;
}

/** GET events: the newest first. */
export interface EventsPage {
  readonly events: readonly ToldEvent[];
  /** `before` of the page that follows; null: this was the last one. */
  readonly next: number | null;
  /** Places of the journal that can't be read. */
  readonly damaged: number;
}

/** An event with its words. */
export interface ToldEvent extends StoredEvent {
  readonly title: string;
  /** A sentence or two. */
  readonly text: string;
  readonly severity: "notice" | "warning" | "critical";
}

/** GET outages: the newest first; those that touch the span. */
export interface OutagesDocument {
  readonly outages: readonly OutageEntry[];
  /** As `before`: those that began earlier; null: there are none. */
  readonly next: number | null;
  /** The first thing known of this host; null: nothing is. */
  readonly knownSince: number | null;
}

/** A trouble from its first sign until everything was whole again. */
export interface OutageEntry {
  readonly at: number;
  /** null: it lasts. */
  readonly endedAt: number | null;
  /** port: one or several ports. internet: the Internet behind a router that answered. */
  readonly kind: "port" | "internet";
  /** The port it began with; "" where the whole bond or the Internet is meant. */
  readonly port: string;
  /** null: a standby stopped answering although it has carrier, or the Internet was lost. */
  readonly cause: Cause | null;
  /** In words: "carrier lost on eth0". */
  readonly title: string;
  readonly evidence: string;
  /** What it cost: how long traffic found no way, ms. 0: nothing but redundancy. null: that lasts, or its end was never seen. */
  readonly outageMs: number | null;
  /** Moves of the traffic, in order. */
  readonly moves: readonly MoveMark[];
  /** The watch ended before the trouble did: what became of it isn't known. */
  readonly isCutOff: boolean;
  /** A drill did it, and no outage of it outlasts the drill. */
  readonly isDrill: boolean;
  /** Ids of its first and last event; both 0 where kind is internet. */
  readonly firstId: number;
  readonly lastId: number;
}

/** The traffic went to another port. */
export interface MoveMark {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** null: the kernel's own. */
  readonly cause: Cause | null;
  /** From the first sign to the move, ms; null: not known. */
  readonly noticedAfterMs: number | null;
}

/** GET availability. */
export interface AvailabilityDocument {
  /** The host's own: days begin by it. "Europe/Paris" */
  readonly zone: string;
  readonly total: Availability;
  /** Days, months or years, the oldest first; those that touch the span, cut to it. */
  readonly periods: readonly Availability[];
}

/** How a span of time went. Drills count as what they are: outages of a drill stand by themselves. */
export interface Availability {
  readonly from: number;
  readonly to: number;
  /** How long the agent watched. */
  readonly watchedMs: number;
  /** Of that: until a crash or a power cut of which nobody knows when it happened. */
  readonly uncertainMs: number;
  readonly outages: number;
  readonly outageMs: number;
  /** Outages that drills made; not among the others. */
  readonly drillMs: number;
  /** The Internet was lost behind a router that answered; not among the outages. */
  readonly internetLostMs: number;
  /** Fewer ports than declared could carry traffic. */
  readonly reducedMs: number;
  /** 1 − outageMs / watchedMs; null: nothing was watched. */
  readonly availability: number | null;
}

/** GET paths/history: what the agent remembers in memory, since it was started at most. */
export interface PathHistoryDocument extends PathsRemembered {
  /** Moves within the span, oldest first. */
  readonly moves: readonly MoveMark[];
}

/** GET topology: the picture, laid out. Coordinates in px of a canvas `width` × `height`; the y axis points down. */
export interface TopologyDocument {
  readonly width: number;
  readonly height: number;
  /** In words, for those who can't see it. */
  readonly text: string;
  readonly host: TopologyHost;
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly power: readonly TopologyPower[];
  /** What had to be assumed, a sentence each. */
  readonly notes: readonly string[];
}

/** The host's own box, with its ports on its right border. */
export interface TopologyHost {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The bond's name, or "no bond". */
  readonly title: string;
  readonly mode: string;
  /** "192.168.1.105/24" */
  readonly addresses: readonly string[];
  /** A power domain; "" not known. */
  readonly power: string;
  readonly ports: readonly TopologyPort[];
  /** Ids of what-if faults that strike the host itself. */
  readonly faults: readonly string[];
}

export interface TopologyPort {
  readonly name: string;
  /** The middle of its right border. */
  readonly x: number;
  readonly y: number;
  readonly medium: "wired" | "radio" | "unknown";
  /** Part of the bond. */
  readonly carries: boolean;
  readonly state: TopologyState;
  /** It has the traffic. */
  readonly active: boolean;
  /** "active", "standby, proven 2 s ago", "no carrier" … */
  readonly note: string;
  /** When a probe through it was last answered; null: never, or not known. */
  readonly provenAt: number | null;
  /** USB hubs it hangs on, nearest first. */
  readonly hubs: readonly string[];
}

/** carries: traffic goes there now. proven: a probe goes there and comes back. dead: it is known to be broken, or every way to it is.
 *  unknown: nobody looks, or it isn't known yet. */
export type TopologyState = "carries" | "proven" | "dead" | "unknown";

/** A device; x and y are the centre of its card. */
export interface TopologyNode {
  readonly name: string;
  /** As declared, for people. */
  readonly label: string;
  readonly kind: DeviceKind | "internet";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly state: TopologyState;
  /** Nobody declared it: it stands for what must be there. */
  readonly assumed: boolean;
  /** The line under its name: an address, a network's name. "" none. */
  readonly note: string;
  /** A power domain; "" not known. */
  readonly power: string;
  /** Without power right now, as far as a UPS tells. */
  readonly isDark: boolean;
  /** Ids of what-if faults that strike it. */
  readonly faults: readonly string[];
}

export interface TopologyEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The host's port; "" it isn't one of the host's own. */
  readonly port: string;
  readonly medium: "cable" | "powerline" | "radio";
  readonly state: TopologyState;
  readonly assumed: boolean;
  /** An SVG path, ready for `d`. */
  readonly path: string;
  /** The middle of it, for a mark. */
  readonly x: number;
  readonly y: number;
  readonly faults: readonly string[];
}

export interface TopologyPower {
  readonly name: string;
  readonly kind: "mains" | "ups" | "other";
  /** on: it gives power. battery, low: a UPS without mains. off: known to be out. unknown: nobody tells. */
  readonly state: "on" | "battery" | "low" | "off" | "unknown";
  readonly chargePercent: number | null;
  /** Of a UPS: as it says now, else as declared; null: not known. */
  readonly runtimeMs: number | null;
  /** Labels of what hangs on it. */
  readonly feeds: readonly string[];
  readonly faults: readonly string[];
}

/** GET audit. */
export interface AuditAnswer extends AuditDocument {
  /** Whether the hardware of this host was looked at, too. */
  readonly isPlaced: boolean;
}

/** GET drills: the oldest first. */
export interface DrillsDocument {
  readonly drills: readonly DrillRecord[];
  /** The latest one, whole; null: none is kept. */
  readonly latest: Rehearsal | null;
  /** Whether POST drill can start one. */
  readonly start: DrillStart;
}

/** by-hand: nothing on this host may start a drill for the dashboard; `command` is what root types. */
export interface DrillStart {
  readonly state: "ready" | "running" | "by-hand";
  readonly command: string;
  /** What would change by-hand into ready. "" where it is. */
  readonly hint: string;
}

/** GET rehearsals: what the lab has shown of this very configuration. */
export interface RehearsalsDocument {
  /** Each scenario as it was rehearsed last: the kernel alone, and with the agent. Both empty: never rehearsed, or not kept here. */
  readonly kernel: readonly Rehearsed[];
  readonly withAgent: readonly Rehearsed[];
  /** Rehearsals on this host, whatever was configured then, oldest first. */
  readonly trend: readonly RehearsalRecord[];
  /** What fills this: a command to type. */
  readonly command: string;
}

/** GET what-if: faults the topology can suffer, the most telling first. */
export interface WhatIfDocument {
  readonly faults: readonly WhatIfFault[];
}

/** What would happen if. */
export interface WhatIfFault {
  readonly id: string;
  /** "the cable em1 – plc-a is pulled" */
  readonly fault: string;
  readonly kind: Scenario["kind"];
  /** Names of nodes, ids of edges. */
  readonly strikes: readonly string[];
  /** Whether there is a way left: for every flow, for some, for none. */
  readonly survives: "all" | "some" | "none";
  /** Whether the kernel's own monitor can see it. */
  readonly carrierTells: boolean;
  /** Rehearsed: what it cost. null: it wasn't. */
  readonly kernel: WhatIfShown | null;
  readonly withAgent: WhatIfShown | null;
}

export interface WhatIfShown {
  /** The scenario that showed it: itself, or one with the same effect. */
  readonly scenario: string;
  readonly at: number;
  /** The longer direction, ms; null: it never ended while watched. */
  readonly outageMs: number | null;
  /** When it was mended, ms; null: it never came back while watched. */
  readonly backMs: number | null;
  readonly uncertaintyMs: number;
  readonly verdict: "held" | "missed";
}

/** Every POST that orders something. */
export interface OrderDocument {
  /** "pin", "drain", "undrain", "auto", "drill" */
  readonly ordered: string;
}

/** GET stream: server-sent events. `event:` is the name below, `data:` the JSON of its document. Of `event` the `id:` is the event's:
 *  who comes back with Last-Event-ID is told what he missed. */
export interface StreamDocuments {
  /** First of all, and again after a pause: the whole of it. */
  readonly status: StatusDocument;
  /** Then: the top-level keys of the status that changed; what is no longer there is null. Once a second at most, and at once after an event. */
  readonly delta: Partial<StatusDocument>;
  readonly event: ToldEvent;
  /** Whether the agent answers. Sent first, and with every change. */
  readonly agent: { readonly answers: boolean; readonly message: string };
  /** A drill was kept or a rehearsal, the configuration was changed: ask anew for these. */
  readonly changed: { readonly what: readonly ("topology" | "drills" | "rehearsals" | "audit" | "what-if")[] };
  /** The session is over: log in again. The stream ends. */
  readonly bye: { readonly reason: "logout" | "expired" | "stopping" };
}
