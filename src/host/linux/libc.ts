import koffi from "koffi";

/** The system calls the runner needs and Node lacks. All are synchronous: in virtual time the runner owns the clock, and
 *  an event loop would cost ten times as much per packet. Every function returns what the call returns; errno() tells the rest. */

const libc = koffi.load("libc.so.6");

type Pointer = Uint8Array | null;

const raw = {
  socket: libc.func("int socket(int, int, int)") as (domain: number, type: number, protocol: number) => number,
  bind: libc.func("int bind(int, void *, uint32_t)") as (fd: number, address: Pointer, length: number) => number,
  connect: libc.func("int connect(int, void *, uint32_t)") as (fd: number, address: Pointer, length: number) => number,
  listen: libc.func("int listen(int, int)") as (fd: number, backlog: number) => number,
  accept4: libc.func("int accept4(int, void *, void *, int)") as (
    fd: number,
    address: Pointer,
    length: Pointer,
    flags: number,
  ) => number,
  setsockopt: libc.func("int setsockopt(int, int, int, void *, uint32_t)") as (
    fd: number,
    level: number,
    name: number,
    value: Pointer,
    length: number,
  ) => number,
  getsockopt: libc.func("int getsockopt(int, int, int, void *, void *)") as (
    fd: number,
    level: number,
    name: number,
    value: Pointer,
    length: Pointer,
  ) => number,
  sendto: libc.func("intptr_t sendto(int, void *, uintptr_t, int, void *, uint32_t)") as (
    fd: number,
    bytes: Pointer,
    length: number,
    flags: number,
    to: Pointer,
    toLength: number,
  ) => number,
  recv: libc.func("intptr_t recv(int, void *, uintptr_t, int)") as (
    fd: number,
    bytes: Pointer,
    length: number,
    flags: number,
  ) => number,
  recvmmsg: libc.func("int recvmmsg(int, void *, uint32_t, int, void *)") as (
    fd: number,
    messages: Pointer,
    count: number,
    flags: number,
    timeout: Pointer,
  ) => number,
  open: libc.func("int open(const char *, int, int)") as (path: string, flags: number, mode: number) => number,
  read: libc.func("intptr_t read(int, void *, uintptr_t)") as (fd: number, bytes: Pointer, length: number) => number,
  lseek: libc.func("int64_t lseek(int, int64_t, int)") as (fd: number, offset: number, whence: number) => number,
  close: libc.func("int close(int)") as (fd: number) => number,
  pipe2: libc.func("int pipe2(void *, int)") as (ends: Pointer, flags: number) => number,
  unshare: libc.func("int unshare(int)") as (flags: number) => number,
  setns: libc.func("int setns(int, int)") as (fd: number, kind: number) => number,
  ifNameToIndex: libc.func("uint32_t if_nametoindex(const char *)") as (name: string) => number,
  clockGettime: libc.func("int clock_gettime(int, void *)") as (clock: number, time: Pointer) => number,
  clockNanosleep: libc.func("int clock_nanosleep(int, int, void *, void *)") as (
    clock: number,
    flags: number,
    until: Pointer,
    rest: Pointer,
  ) => number,
};

interface Off {
  async(...call: readonly unknown[]): void;
}

/** Sends from another thread: for what the kernel answers while it sends, and a driver's firmware may take its time about.
 *  Resolves with what the call returned; nobody may touch the bytes until then. */
export function sendOff(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    (raw.sendto as unknown as Off).async(fd, bytes, bytes.length, 0, null, 0, (error: unknown, sent: unknown) =>
      resolve(error == null ? Number(sent) : -1),
    );
  });
}

/** Receives from another thread, for the same reason. */
export function receiveOff(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve) => {
    (raw.recv as unknown as Off).async(fd, bytes, bytes.length, MSG_DONTWAIT, (error: unknown, length: unknown) =>
      resolve(error == null ? Number(length) : -1),
    );
  });
}

export const { socket, bind, connect, listen, accept4, getsockopt, setsockopt, sendto, recv, recvmmsg, open, read } =
  raw;
export const { lseek, close, pipe2, unshare, setns, ifNameToIndex } = raw;

export const AF_UNSPEC = 0;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_UNIX = 1;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const NETLINK_GENERIC = 16;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const SO_REUSEADDR = 2;
export const SO_RCVBUF = 8;
export const SO_ATTACH_FILTER = 26;
export const SO_RCVBUFFORCE = 33;
export const SO_SNDBUFFORCE = 32;
export const SO_TIMESTAMPNS = 35;
export const IPPROTO_TCP = 6;
export const TCP_NODELAY = 1;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;
export const CLONE_NEWNET = 0x40000000;
export const O_RDONLY = 0;
export const O_NONBLOCK = 0o4000;
export const O_CLOEXEC = 0o2000000;
export const EINTR = 4;
export const EAGAIN = 11;
export const EEXIST = 17;
export const ENOBUFS = 105;
export const EINPROGRESS = 115;
const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_BOOTTIME = 7;
const TIMER_ABSTIME = 1;

/** errno of the last call that failed. */
export function errno(): number {
  return koffi.errno();
}

/** Where a buffer lies, for structures that hold pointers. The buffer must stay referenced as long as the structure is used. */
export function addressOf(bytes: Uint8Array): bigint {
  return koffi.address(bytes);
}

/** Width of a pointer here, for structures that hold some. */
export const POINTER_BYTES = koffi.sizeof("void *");

/** The name of an errno ("ENETUNREACH"), or its number. */
export function errnoName(code: number): string {
  const found = Object.entries(koffi.os.errno).find(([, value]) => value === code);
  return found?.[0] ?? `errno ${code}`;
}

/** Fails loudly: what the runner builds it must be able to build. */
export function must(result: number, what: string): number {
  if (result >= 0) return result;
  throw new Error(`${what}: ${errnoName(errno())}`);
}

const timespec = Buffer.allocUnsafeSlow(16);

/** Nanoseconds of the monotonic clock. Node's own way to it: a fifth of what a foreign call takes. */
export function monotonicNs(): bigint {
  return process.hrtime.bigint();
}

/** Milliseconds of the monotonic clock, with fractions. It stands still while the machine is suspended. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The same, counting the time the machine was suspended. */
export function bootMs(): number {
  return Number(readClock(CLOCK_BOOTTIME)) / 1e6;
}

/** What to subtract from a wall-clock stamp (as packets carry it) to get monotonic time, ns. */
export function wallOffsetNs(): bigint {
  const before = readClock(CLOCK_MONOTONIC);
  const wall = readClock(CLOCK_REALTIME);
  const after = readClock(CLOCK_MONOTONIC);
  return wall - (before + after) / 2n;
}

/** Sleeps until a moment of the monotonic clock. Returns at once when it has passed; a signal doesn't shorten it. */
export function sleepUntilNs(at: bigint): void {
  timespec.writeBigInt64LE(at / 1_000_000_000n, 0);
  timespec.writeBigInt64LE(at % 1_000_000_000n, 8);
  while (raw.clockNanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, timespec, null) !== 0);
}

function readClock(clock: number): bigint {
  raw.clockGettime(clock, timespec);
  return timespec.readBigInt64LE(0) * 1_000_000_000n + timespec.readBigInt64LE(8);
}
