import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { type DashboardSettings, dashboardListen, endpointOf, isLoopback } from "../../model/dashboard.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { agentLink } from "../data/agent-link.ts";
import { openChronicle } from "../data/chronicle.ts";
import { declaredIn } from "../data/declared.ts";
import { type Certificate, listen } from "./listen.ts";
import { doorOf, endStale } from "./login.ts";
import { ordersOf } from "./orders.ts";
import { type DashboardPlaces, isDrilling, readersOf, type Sources, streamSources } from "./readers.ts";
import { type Desk, respond } from "./respond.ts";
import { newSessions, type Sessions } from "./sessions.ts";
import { readStaticFiles } from "./static-files.ts";
import { openStream, type Stream } from "./stream.ts";
import { loginThrottle } from "./throttle.ts";
import { type UserFile, userFile } from "./user-file.ts";

/** All that the dashboard needs as a service of a host. */
export interface DashboardOptions {
  readonly settings: DashboardSettings;
  readonly places: DashboardPlaces;
  readonly version: string;
  readonly log: (line: string) => void;
}

export interface Dashboard {
  readonly port: number;
  readonly scheme: "http" | "https";
  /** Reads certificate and users again. */
  reload(): void;
  stop(): Promise<void>;
}

/** Why it can't be served. */
export interface DashboardProblem {
  readonly message: string;
  readonly hint: string;
}

const usersMs = 10_000;

/** Serves the dashboard. Nobody is let in before there is a user; nothing is sent in clear beyond this host. */
export async function startDashboard(options: DashboardOptions): Promise<Result<Dashboard, DashboardProblem>> {
  const { settings, places, log } = options;
  const endpoint = endpointOf(settings.listen ?? dashboardListen);
  if (endpoint === undefined || (settings.tls === undefined && !isLoopback(endpoint.address))) {
    return problem(
      "passwords would travel the network unencrypted",
      "Add tls under dashboard:, or listen on 127.0.0.1.",
    );
  }
  const users = userFile(beside(places.config, settings.passwords ?? "dashboard.passwords"));
  if (users.users().length === 0) {
    return problem(
      "nobody has a password yet",
      "Give somebody one: holdfast dashboard --password NAME --role operator.",
    );
  }
  const certificate = readCertificate(options);
  if (!certificate.ok) return certificate;
  const stopping = new AbortController();
  const chronicle = await openChronicle(places, stopping.signal);
  const agent = agentLink(places, stopping.signal, (at) => chronicle.alive(at));
  const sources: Sources = { places, signal: stopping.signal, chronicle, agent, declared: declaredIn(places) };
  const sessions = newSessions();
  const stream = openStream(streamSources(sources), Date.now);
  sessions.onEnd((session) => stream.end(session, session.expiresAt <= Date.now() ? "expired" : "logout"));
  const desk = deskOf(options, { sources, sessions, users, stream, endpoint });
  const listening = await listen(endpoint, certificate.value, (request, response) => respond(desk, request, response));
  if (!listening.ok) {
    stopping.abort();
    return problem(
      `it can't listen on ${settings.listen ?? dashboardListen}: ${listening.error}`,
      "Choose another listen.",
    );
  }
  const watching = setInterval(() => endStale({ sessions, users }), usersMs);
  return ok({
    port: listening.value.port,
    scheme: desk.addressed.scheme,
    reload() {
      const again = readCertificate(options);
      const renewed = again.ok && again.value !== undefined ? listening.value.renew(again.value) : undefined;
      if (!again.ok || renewed?.ok === false) log("the certificate can't be read again: the old one stays");
      endStale({ sessions, users });
    },
    async stop() {
      clearInterval(watching);
      stream.close();
      stopping.abort();
      await listening.value.close();
    },
  });
}

function problem(message: string, hint: string): Result<never, DashboardProblem> {
  return failed({ message, hint });
}

function beside(config: string, path: string): string {
  return resolve(join(config, ".."), path);
}

/** undefined: none is wanted. */
function readCertificate({ settings, places }: DashboardOptions): Result<Certificate | undefined, DashboardProblem> {
  const { tls } = settings;
  if (tls?.certificate === undefined || tls.key === undefined) return ok(undefined);
  try {
    const [cert, key] = [tls.certificate, tls.key].map((path) => readFileSync(beside(places.config, path)));
    return cert === undefined || key === undefined ? ok(undefined) : ok({ cert, key });
  } catch (thrown) {
    const why = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "failed";
    return problem(`the certificate or its key can't be read: ${why}`, "Both must be readable by holdfast-dashboard.");
  }
}

function namesOf(settings: DashboardSettings): readonly string[] {
  const own = hostname().toLowerCase();
  const said = (settings.names ?? []).map((name) => name.toLowerCase().replace(/\.$/, ""));
  return ["localhost", own, `${own.split(".")[0]}.local`, ...said];
}

interface Furniture {
  readonly sources: Sources;
  readonly sessions: Sessions;
  readonly users: UserFile;
  readonly stream: Stream;
  readonly endpoint: { readonly address: string; readonly port: number };
}

function deskOf(options: DashboardOptions, { sources, sessions, users, stream, endpoint }: Furniture): Desk {
  const { settings, places, version, log } = options;
  const { agent, signal } = sources;
  const scheme = settings.tls === undefined ? "http" : "https";
  const proxied = settings.proxied === true;
  const isSecure = scheme === "https" || proxied;
  // Cookies know no ports: two services of one host must not take each other's.
  const cookie = isSecure ? "__Host-holdfast" : `holdfast-${endpoint.port}`;
  const door = doorOf({
    sessions,
    users,
    throttle: loginThrottle(),
    cookie,
    isSecure,
    host: hostname(),
    version,
    now: Date.now,
    monotonic: () => performance.now(),
    log,
  });
  const { socket, drillSocket, asRoot } = places;
  const orders = ordersOf({ socket, drillSocket, asRoot, isDrilling: () => isDrilling(sources), agent, signal, log });
  return {
    addressed: { names: namesOf(settings), port: endpoint.port, scheme, proxied },
    cookie,
    sessions,
    files: readStaticFiles(places.page),
    handlers: { ...door, ...readersOf(sources), ...orders },
    stream: ({ session, lastEventId }, response) => stream.open(session, lastEventId, response),
    now: Date.now,
  };
}
