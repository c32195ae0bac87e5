import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a sink answers; undefined: not at all. */
export type Answering = (
  received: Received,
) => { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | undefined;

/** A web server that keeps what it gets. */
export interface WebSink {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  answer: Answering;
  /** Resolves when so many requests have come in all. */
  readonly got: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Listens; with key and certificate by TLS. */
export async function webSink(
  where: { readonly host?: string; readonly port?: number; readonly key?: string; readonly cert?: string } = {},
): Promise<WebSink> {
  const { host = "127.0.0.1", port = 0, key, cert } = where;
  const waiting: { readonly count: number; readonly done: () => void }[] = [];
  const listener: Parameters<typeof createServer>[1] = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const received = { path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() };
      sink.received.push(received);
      const said = sink.answer(received);
      if (said !== undefined) response.writeHead(said.status, said.headers).end("thanks");
      for (const { count, done } of waiting) if (sink.received.length >= count) done();
    });
  };
  const server: Server =
    key === undefined || cert === undefined ? createServer(listener) : createTlsServer({ key, cert }, listener);
  await new Promise<void>((resolve, reject) => server.on("error", reject).listen(port, host, resolve));
  const bound = (server.address() as AddressInfo).port;
  const name = host.includes(":") ? `[${host}]` : host;
  const sink: WebSink = {
    url: `${key === undefined ? "http" : "https"}://${name}:${bound}`,
    port: bound,
    received: [],
    answer: () => ({ status: 200 }),
    got: (count) =>
      sink.received.length >= count ? Promise.resolve() : new Promise((done) => waiting.push({ count, done })),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return sink;
}
