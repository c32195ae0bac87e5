import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import type { Cli } from "../command.ts";
import type { Act } from "./acts.ts";

/** Serves the demonstration's reports on the loopback address until Ctrl-C. Only the known files are served: no path of
 *  a request ever reaches the file system. */
export async function serveReports(cli: Cli, directory: string, acts: readonly Act[]): Promise<void> {
  const root = resolve(cli.cwd, directory);
  const files = new Map(acts.map(({ id }) => [`/${id}`, join(root, id, "report.html")]));
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? "");
    if (file !== undefined) void sendFile(file, response);
    else send(response, 200, index(acts));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  cli.stdout.write(`\nReports at http://127.0.0.1:${port}/ until Ctrl-C.\n`);
  await new Promise<void>((stopped) => {
    if (cli.signal.aborted) stopped();
    cli.signal.addEventListener("abort", () => stopped(), { once: true });
  });
  server.closeAllConnections();
  server.close();
}

async function sendFile(file: string, response: ServerResponse): Promise<void> {
  try {
    send(response, 200, await readFile(file, "utf8"));
  } catch {
    send(response, 404, "<!doctype html><title>gone</title><p>The report is no longer there.</p>");
  }
}

function send(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "x-content-type-options": "nosniff" });
  response.end(page);
}

function index(acts: readonly Act[]): string {
  const items = acts.map(({ id, title }) => `<li><a href="/${id}">${title}</a></li>`).join("");
  return `<!doctype html><html lang="en"><meta name="color-scheme" content="light dark"><title>Holdfast demo</title><h1>Holdfast demo</h1><ul>${items}</ul></html>`;
}
