import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { failed, ok, type Result } from "../../model/result.ts";

/** The text format's own type. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** A server of metrics. */
export interface MetricsServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Serves metrics on a loopback endpoint ("127.0.0.1:9437", "[::1]:9437"; port 0: any free one). The error is an errno:
 *  EADDRINUSE, EACCES. */
export function serveMetrics(endpoint: string, render: () => string): Promise<Result<MetricsServer, string>> {
  const [, bracketed, plain, portText] = /^(?:\[([0-9a-f:]+)\]|([0-9.]+)):(\d+)$/.exec(endpoint) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || !(address === "::1" || address.startsWith("127.")))
    return Promise.resolve(failed("EINVAL"));
  const server = createServer(
    { requestTimeout: 5_000, headersTimeout: 5_000, keepAliveTimeout: 65_000 },
    (request, answer) => respond(request, answer, render),
  );
  // A Prometheus needs one; more than these is somebody trying.
  server.maxConnections = 16;
  server.unref();
  return new Promise((resolve) => {
    server.once("error", (problem: NodeJS.ErrnoException) => resolve(failed(problem.code ?? "failed")));
    server.listen({ host: address, port: Number(portText), exclusive: true }, () => {
      server.on("error", () => {});
      const bound = server.address();
      resolve(ok({ port: typeof bound === "object" && bound !== null ? bound.port : 0, close: () => closed(server) }));
    });
  });
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function respond(request: IncomingMessage, answer: ServerResponse, render: () => string): void {
  const [status, body] = judge(request, render);
  answer.writeHead(status, {
    "Content-Type": status === 200 ? METRICS_TYPE : "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    // A body nobody asked for is not read: the connection ends instead.
    ...(status === 200 ? {} : { Connection: "close" }),
  });
  answer.end(request.method === "HEAD" ? undefined : body);
}

function judge({ method, url, headers }: IncomingMessage, render: () => string): readonly [number, string] {
  // A page in the operator's browser could reach this port by a name of its own that leads here (DNS rebinding).
  if (!/^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:\d+)?$/.test(headers.host ?? "")) return [421, "not this host\n"];
  if (headers["sec-fetch-site"] === "cross-site") return [403, "not from another site\n"];
  if (url?.split("?")[0] !== "/metrics") return [404, "only /metrics is here\n"];
  if (method !== "GET" && method !== "HEAD") return [405, "only GET is answered\n"];
  try {
    return [200, render()];
  } catch {
    return [500, "no metrics now\n"];
  }
}
