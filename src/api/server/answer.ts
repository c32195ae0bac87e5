import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ProblemDocument } from "../dashboard.ts";
import { takes } from "./encodings.ts";
import { safeHeaders } from "./guards.ts";

/** What a question comes to. */
export interface Answer {
  readonly status: number;
  readonly document: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the asker takes, where it may be sent compressed. Never said of what holds a token: how short it gets could tell of it (BREACH). */
  readonly encodings?: string;
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

const shrink = promisify(gzip);
/** Below it is one packet anyway. */
const fewestBytes = 1_200;
/** Nine tenths of what can be saved, at a fifth of the price. */
const level = 4;

/** Sends it. Nobody may keep it: it is about this moment and this user. */
export async function send(response: ServerResponse, { status, document, headers, encodings }: Answer): Promise<void> {
  const letter = letterOf(document);
  const { plain } = letter;
  const isShrunk = plain.length >= fewestBytes && takes(encodings ?? "", "gzip");
  const body = isShrunk ? await letter.shrunk() : plain;
  response.writeHead(status, {
    ...safeHeaders,
    "Content-Type": "application/json; charset=utf-8",
    ...(isShrunk ? { "Content-Encoding": "gzip" } : {}),
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(body);
}

interface Letter {
  readonly plain: Buffer;
  readonly shrunk: () => Promise<Buffer>;
}

/** Written once, to however many it is sent. */
const letters = new WeakMap<object, Letter>();

function letterOf(document: unknown): Letter {
  const known = typeof document === "object" && document !== null ? letters.get(document) : undefined;
  if (known !== undefined) return known;
  const plain = Buffer.from(`${JSON.stringify(document)}\n`);
  let shrunk: Promise<Buffer> | undefined;
  const letter: Letter = {
    plain,
    shrunk() {
      shrunk ??= shrink(plain, { level });
      return shrunk;
    },
  };
  if (typeof document === "object" && document !== null) letters.set(document, letter);
  return letter;
}

/** Nothing that is asked for is longer. */
const mostBodyBytes = 4_096;

/** Who sends more is cut off, though his answer is lost then. */
const mostDrainedBytes = 256 << 10;

/** The body of a question; undefined: it is too long, or broke off. */
export function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    request.on("data", (piece: Buffer) => {
      length += piece.length;
      if (length <= mostBodyBytes) pieces.push(piece);
      else resolve(undefined);
    });
    request.on("end", () => resolve(Buffer.concat(pieces).toString("utf8")));
    request.on("close", () => resolve(undefined));
    drain(request);
  });
}

/** Takes in what nobody wants to read: a connection that is closed over unread bytes takes the answer along. */
export function drain(request: IncomingMessage): void {
  let length = 0;
  request.on("data", (piece: Buffer) => {
    length += piece.length;
    if (length > mostDrainedBytes) request.destroy();
  });
}
