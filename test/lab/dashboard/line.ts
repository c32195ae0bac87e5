import type { Socket } from "node:net";

/** Connections carried over one line both ways, so that a browser here reaches a server inside a lab. Both ends run the same.
 *  A frame: kind (1 byte), connection (2), length (2), bytes; an opening's bytes are the port to connect to, in digits. Each frame but
 *  those is answered by one that says how many bytes were taken, in place of the connection. */
export interface Line {
  readonly write: (bytes: Uint8Array) => void;
}

const kinds = { open: 1, data: 2, end: 3, taken: 4 } as const;
const headBytes = 5;
const mostBytes = 1_500;
/** Sent, and not said to be taken. A terminal in a lab's kernel holds a page; one that was full once reads no more, for ever. */
const mostUnderWay = 3_000;

export interface Carrier {
  /** Bytes that came over the line, in pieces of any size. */
  readonly take: (bytes: Buffer) => void;
  /** Carries a connection to that port at the other end. */
  readonly carry: (socket: Socket, port: number) => void;
}

/** One end of it. `connectTo` makes the connections that the other end asks for. */
export function carrierOn(line: Line, connectTo: (port: number) => Socket): Carrier {
  const sockets = new Map<number, Socket>();
  let next = 0;
  let rest = Buffer.alloc(0);
  let underWay = 0;
  const waiting: Buffer[] = [];
  const sendOn = (): void => {
    for (let frame = waiting[0]; frame !== undefined && underWay + frame.length <= mostUnderWay; frame = waiting[0]) {
      waiting.shift();
      underWay += frame.length;
      line.write(frame);
    }
  };
  const say = (kind: number, id: number, bytes: Uint8Array): void => {
    waiting.push(frameOf(kind, id, bytes));
    sendOn();
  };
  const attach = (id: number, socket: Socket): void => {
    sockets.set(id, socket);
    socket.setNoDelay(true);
    socket.on("data", (piece: Buffer) => {
      for (let at = 0; at < piece.length; at += mostBytes) say(kinds.data, id, piece.subarray(at, at + mostBytes));
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      // Ended by us: the other end knows.
      if (sockets.get(id) !== socket) return;
      sockets.delete(id);
      say(kinds.end, id, Buffer.alloc(0));
    });
  };
  const heed = (kind: number, id: number, bytes: Buffer): void => {
    if (kind === kinds.taken) {
      underWay -= id;
      sendOn();
      return;
    }
    line.write(frameOf(kinds.taken, headBytes + bytes.length, Buffer.alloc(0)));
    if (kind === kinds.open) attach(id, connectTo(Number(bytes.toString("latin1"))));
    const socket = sockets.get(id);
    if (kind === kinds.data) socket?.write(bytes);
    if (kind !== kinds.end) return;
    sockets.delete(id);
    socket?.end();
  };
  return {
    take(bytes) {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length >= headBytes) {
        const end = headBytes + rest.readUInt16BE(3);
        if (rest.length < end) return;
        heed(rest.readUInt8(0), rest.readUInt16BE(1), Buffer.from(rest.subarray(headBytes, end)));
        rest = rest.subarray(end);
      }
    },
    carry(socket, port) {
      const id = next;
      next = (next + 1) % 65_536;
      say(kinds.open, id, Buffer.from(String(port)));
      attach(id, socket);
    },
  };
}

function frameOf(kind: number, id: number, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(kind, 0);
  head.writeUInt16BE(id, 1);
  head.writeUInt16BE(bytes.length, 3);
  return Buffer.concat([head, bytes]);
}
