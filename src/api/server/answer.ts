import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProblemDocument } from "../dashboard.ts";
import { safeHeaders } from "./guards.ts";

/** What a question comes to. */
export interface Answer {
  readonly status: number;
  readonly document: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 200 with a document. */
export function found(document: unknown): Answer {
  return { status: 200, document };
}

/** A refusal in words. */
export function refused(status: number, code: string, message: string, hint?: string): Answer {
  const document: ProblemDocument = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { status, document };
}

/** Sends it. Nobody may keep it: it is about this moment and this user. */
export function send(response: ServerResponse, { status, document, headers }: Answer): void {
  const body = Buffer.from(`${JSON.stringify(document)}\n`);
  response.writeHead(status, {
    ...safeHeaders,
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(body);
}

/** Nothing that is asked for is longer. */
const mostBodyBytes = 4_096;

/** The body of a question; undefined: it is too long, and the connection can't be used any more. Rejects when it breaks off. */
export async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > mostBodyBytes) return undefined;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > mostBodyBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
