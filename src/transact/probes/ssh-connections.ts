import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { connect } from "node:net";
import { nameOf } from "../../host/linux/this-process.ts";
import { ipText } from "../../wire/ip.ts";

/** One TCP socket as /proc/net/tcp has it. */
export interface TcpSocket {
  readonly local: string;
  readonly localPort: number;
  readonly peer: string;
  readonly peerPort: number;
  readonly state: "established" | "listening" | "other";
  /** Retransmissions of what isn't acknowledged yet; several in a row: the peer doesn't hear us, or we don't hear it. */
  readonly retransmissions: number;
  readonly inode: string;
}

const servers = ["sshd", "sshd-session", "dropbear"];

/** What sshd listens on and whom it serves. Both empty without an sshd. */
export function sshSockets(): { readonly ports: readonly number[]; readonly peers: readonly TcpSocket[] } {
  const own = socketsOf(servers);
  const all = tcpSockets();
  const peers = all.filter(({ inode, state }) => state === "established" && own.has(inode));
  // systemd may hold the listening socket in sshd's place.
  const served = new Set(peers.map(({ localPort }) => localPort));
  const listening = all.filter(
    ({ state, inode, localPort }) => state === "listening" && (own.has(inode) || served.has(localPort)),
  );
  return { ports: [...new Set(listening.map(({ localPort }) => localPort))], peers };
}

/** Every TCP socket of this network namespace. */
export function tcpSockets(): readonly TcpSocket[] {
  return [...readTable("/proc/net/tcp"), ...readTable("/proc/net/tcp6")];
}

/** What has become of a connection: "lost" where its other end doesn't acknowledge what it is sent, also after sshd has given it up;
 *  "ended" where it was closed and nothing stayed unacknowledged, as by somebody who logs out: that says nothing against the network.
 *  "cut" where it is gone and `wereCut`: a router that sees only one way of a connection resets it just as the machine of an operator does
 *  whose terminal was closed. Who was cut off so can't confirm; whoever is connected from there now shows that the way is fine. */
export function judgePeer(
  { localPort, peer, peerPort }: Pick<TcpSocket, "localPort" | "peer" | "peerPort">,
  sockets: readonly TcpSocket[],
  wereCut = false,
): { readonly is: "connected" | "ended" | "cut" | "lost"; readonly detail: string } {
  const ofPeer = sockets.filter((one) => one.peer === peer && one.localPort === localPort && one.state !== "listening");
  const found = ofPeer.find((one) => one.peerPort === peerPort);
  const times = found?.retransmissions ?? 0;
  if (times > 1) return { is: "lost", detail: `what is sent to it isn't acknowledged (${times} times)` };
  if (found?.state === "established") return { is: "connected", detail: "connected" };
  const isBack = ofPeer.some(({ state, retransmissions }) => state === "established" && retransmissions === 0);
  return wereCut && found === undefined && !isBack
    ? { is: "cut", detail: "is gone, and may have been cut off: connections of this host were, meanwhile" }
    : { is: "ended", detail: "has ended meanwhile; whoever it was can log in anew" };
}

/** How many connections of this network namespace were cut off rather than closed by both ends since it began: by a reset, or because what
 *  was sent stayed unacknowledged for too long. 0 where the kernel doesn't say. Source: Documentation/networking/snmp_counter.rst. */
export function connectionsCut(): number {
  const [snmp, netstat] = [textOr("/proc/net/snmp"), textOr("/proc/net/netstat")];
  return (
    counterIn(snmp, "Tcp", "EstabResets") +
    counterIn(netstat, "TcpExt", "TCPAbortOnTimeout") +
    counterIn(netstat, "TcpExt", "TCPAbortOnMemory")
  );
}

/** One counter of a table that has its names in one line and its numbers in the next; 0: it isn't there. */
export function counterIn(text: string, group: string, name: string): number {
  const [names = [], values = []] = text
    .split("\n")
    .filter((line) => line.startsWith(`${group}: `))
    .map((line) => line.split(" "));
  return Number(values[names.indexOf(name)] ?? 0) || 0;
}

/** Inodes of the sockets that processes of those names hold. */
function socketsOf(names: readonly string[]): ReadonlySet<string> {
  const inodes = new Set<string>();
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid) || !names.includes(nameOf(Number(pid)))) continue;
    for (const fd of listOr(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOr(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  }
  return inodes;
}

/** Reads one of the kernel's tables; what it can't read has no sockets. Source: Documentation/networking/proc_net_tcp.rst. */
export function parseTcpTable(text: string): readonly TcpSocket[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line): readonly TcpSocket[] => {
      const [, local = "", peer = "", state = "", , , retransmissions = "", , , inode = ""] = line.trim().split(/\s+/);
      const [from, to] = [endpoint(local), endpoint(peer)];
      if (from === undefined || to === undefined) return [];
      return [
        {
          local: from.ip,
          localPort: from.port,
          peer: to.ip,
          peerPort: to.port,
          state: state === "01" ? "established" : state === "0A" ? "listening" : "other",
          retransmissions: Number.parseInt(retransmissions, 16) || 0,
          inode,
        },
      ];
    });
}

function readTable(path: string): readonly TcpSocket[] {
  return parseTcpTable(textOr(path));
}

function textOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const MAPPED = "::ffff:";

/** "6901A8C0:0016": words of four bytes in the machine's order, which is little-endian on everything we run on. */
function endpoint(text: string): { readonly ip: string; readonly port: number } | undefined {
  const [digits = "", port = ""] = text.split(":");
  if (!/^([0-9A-F]{8}|[0-9A-F]{32})$/i.test(digits)) return undefined;
  const bytes = Buffer.from(digits, "hex");
  bytes.swap32();
  const isMapped = bytes.length === 16 && bytes.subarray(0, 12).equals(Buffer.from("00000000000000000000ffff", "hex"));
  const ip = ipText(isMapped ? bytes.subarray(12) : bytes);
  return { ip: ip.startsWith(MAPPED) ? ip.slice(MAPPED.length) : ip, port: Number.parseInt(port, 16) };
}

/** Whether an sshd greets there within two seconds. */
export function isGreeted(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (greeted: boolean): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(2_000, () => end(false));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
    socket.once("data", (bytes: Buffer) => end(bytes.toString("latin1").startsWith("SSH-")));
  });
}

function listOr(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
