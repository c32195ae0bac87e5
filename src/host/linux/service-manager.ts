import { AF_UNIX, close, MSG_NOSIGNAL, SOCK_CLOEXEC, SOCK_DGRAM, sendto, socket } from "./libc.ts";

/** Tells the service manager how we are: "READY=1", "WATCHDOG=1", "STATUS=…", "STOPPING=1". A lost word is no trouble: all but
 *  the first are said again. Source: sd_notify(3). */
export type Tell = (words: string) => void;

/** `address` is $NOTIFY_SOCKET: a path, or an abstract name after "@". Empty: nobody listens. */
export function serviceManager(address: string | undefined): Tell {
  if (address === undefined || !/^[@/]/.test(address)) return () => {};
  const name = Buffer.from(address.replace(/^@/, "\0"), "utf8");
  // struct sockaddr_un. An abstract name ends where the length says, a path with a zero.
  const to = Buffer.alloc(2 + name.length + (address.startsWith("@") ? 0 : 1));
  to.writeUInt16LE(AF_UNIX, 0);
  to.set(name, 2);
  return (words) => {
    const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    const bytes = Buffer.from(words, "utf8");
    sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, to, to.length);
    close(fd);
  };
}

/** How often the watchdog wants to hear of us, ms; undefined: it doesn't. Source: WATCHDOG_USEC, WATCHDOG_PID. */
export function watchdogMs(env: Readonly<Record<string, string | undefined>>, pid: number): number | undefined {
  const limit = Number(env["WATCHDOG_USEC"]);
  const isForUs = env["WATCHDOG_PID"] === undefined || Number(env["WATCHDOG_PID"]) === pid;
  return isForUs && limit > 0 ? limit / 2000 : undefined;
}
