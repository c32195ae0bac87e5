import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { Socket } from "node:net";
import { failed, ok, type Result } from "../../model/result.ts";

/** Certificate and key, PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export interface Listening {
  /** What was taken, where 0 was asked for. */
  readonly port: number;
  /** Shows another certificate from now on. The error: these two aren't one. */
  renew(certificate: Certificate): Result<void, string>;
  close(): Promise<void>;
}

/** Who is slow to say what he wants isn't waited for, ms; who says too much isn't listened to, bytes. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 10_000,
  // Else the limits above were looked after twice a minute only.
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
} as const;
const handshakeMs = 5_000;
/** Together, and from one address: fifty viewers behind one proxy have their streams. */
const mostConnections = 256;
const mostOfAddress = 64;

/** Listens for browsers. The error is an errno, or what is wrong with the certificate. */
export function listen(
  { address, port }: { readonly address: string; readonly port: number },
  certificate: Certificate | undefined,
  respond: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Result<Listening, string>> {
  const onRequest: RequestListener = (request, response) => {
    respond(request, response).catch(() => {
      // Ours or a broken connection's fault: nothing half-said stays open.
      if (!response.headersSent) response.writeHead(500);
      response.destroy();
    });
  };
  const made = makeServer(certificate, onRequest);
  if (!made.ok) return Promise.resolve(made);
  const server = made.value;
  server.maxConnections = mostConnections;
  server.maxRequestsPerSocket = 10_000;
  server.on("connection", fewOfEach());
  return new Promise((resolve) => {
    server.once("error", (problem: NodeJS.ErrnoException) => resolve(failed(problem.code ?? "failed")));
    server.listen({ host: address, port }, () => {
      server.on("error", () => {});
      const at = server.address();
      resolve(ok(listening(server, typeof at === "object" && at !== null ? at.port : port)));
    });
  });
}

function makeServer(
  certificate: Certificate | undefined,
  onRequest: RequestListener,
): Result<Server | SecureServer, string> {
  if (certificate === undefined) return ok(createServer(limits, onRequest));
  try {
    const secure = { ...certificate, minVersion: "TLSv1.2", handshakeTimeout: handshakeMs } as const;
    const server = createSecureServer({ ...limits, ...secure }, onRequest);
    // Whoever speaks no TLS, or none we do.
    server.on("tlsClientError", (_problem, socket) => socket.destroy());
    return ok(server);
  } catch (problem) {
    return failed(`the certificate can't be used: ${problem instanceof Error ? problem.message : String(problem)}`);
  }
}

function listening(server: Server | SecureServer, port: number): Listening {
  return {
    port,
    renew(certificate) {
      if (!("setSecureContext" in server)) return failed("it listens without TLS");
      try {
        server.setSecureContext({ ...certificate, minVersion: "TLSv1.2" });
        return ok(undefined);
      } catch (problem) {
        return failed(problem instanceof Error ? problem.message : String(problem));
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Closes connections of an address that has too many. */
function fewOfEach(): (socket: Socket) => void {
  const counts = new Map<string, number>();
  return (socket) => {
    const from = socket.remoteAddress ?? "";
    const count = (counts.get(from) ?? 0) + 1;
    counts.set(from, count);
    socket.once("close", () => {
      const left = (counts.get(from) ?? 1) - 1;
      if (left > 0) counts.set(from, left);
      else counts.delete(from);
    });
    if (count > mostOfAddress) socket.destroy();
  };
}
