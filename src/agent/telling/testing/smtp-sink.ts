import { type AddressInfo, createServer, type Socket } from "node:net";

/** A mail as it came. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly data: string;
}

/** A mail server that keeps what it gets. */
export interface SmtpSink {
  readonly port: number;
  readonly mails: Mail[];
  readonly got: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Listens, and lets in who says this name and password; without one, everybody. Source: RFC 5321, RFC 4954. */
export async function smtpSink(login?: { readonly user: string; readonly password: string }): Promise<SmtpSink> {
  const waiting: { readonly count: number; readonly done: () => void }[] = [];
  const sockets = new Set<Socket>();
  const mails: Mail[] = [];
  const keep = (mail: Mail): void => {
    mails.push(mail);
    for (const { count, done } of waiting) if (mails.length >= count) done();
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    converse(socket, login, keep);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    got: (count) => (mails.length >= count ? Promise.resolve() : new Promise((done) => waiting.push({ count, done }))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function converse(
  socket: Socket,
  login: { readonly user: string; readonly password: string } | undefined,
  keep: (mail: Mail) => void,
): void {
  let buffer = "";
  let data: string[] | undefined;
  let mail = { from: "", to: [] as string[] };
  const wanted = login && Buffer.from(`\0${login.user}\0${login.password}`).toString("base64");
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "EHLO") say(login === undefined ? "250 sink" : "250-sink\r\n250 AUTH PLAIN");
    else if (verb === "AUTH") say(line.split(" ")[2] === wanted ? "235 ok" : `535 no such login: ${line}`);
    else if (verb === "MAIL") mail = { from: line.slice(10), to: [] };
    else if (verb === "RCPT") mail.to.push(line.slice(8));
    else if (verb === "DATA") data = [];
    if (verb === "DATA") say("354 go on");
    else if (verb === "QUIT") socket.end("221 bye\r\n");
    else if (verb === "MAIL" || verb === "RCPT") say("250 ok");
    else if (verb !== "EHLO" && verb !== "AUTH") say("502 not here");
  };
  say("220 sink ESMTP");
  socket.on("data", (chunk: Buffer) => {
    buffer += chunk.toString("utf8");
    for (let end = buffer.indexOf("\r\n"); end >= 0; end = buffer.indexOf("\r\n")) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (data === undefined) command(line);
      else if (line !== ".") data.push(line);
      else {
        keep({ ...mail, data: data.join("\n") });
        data = undefined;
        say("250 kept");
      }
    }
  });
}
