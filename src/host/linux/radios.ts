import { decodeFamily, decodeGroups, encodeFamilyRequest } from "../../wire/generic-netlink.ts";
import { decodeError, decodeMessages, type NetlinkMessage, NLMSG_DONE, NLMSG_ERROR } from "../../wire/netlink.ts";
import {
  decodeJoinedSsid,
  decodeRadioInterface,
  decodeRadioNews,
  decodeRadioStation,
  encodeRadioQuestion,
  encodeScanQuestion,
  MLME_GROUP,
  NL80211,
  type RadioInterface,
  type RadioNews,
  type RadioStation,
} from "../../wire/nl80211.ts";
import type { RadioLink, Radios, Watching } from "../ports.ts";
import { close, MSG_DONTWAIT, NETLINK_GENERIC, receiveOff, recv, sendOff, sendto, setsockopt } from "./libc.ts";
import { followSocket, openSocket, SOL_NETLINK } from "./netlink-socket.ts";

const NETLINK_ADD_MEMBERSHIP = 1;
/** An interface and one access point are some 2 kB. */
const INBOX_BYTES = 32 << 10;
/** More datagrams than an answer has. */
const MOST_READ = 512;

// Outside V8's heap and never given back, so that they hold still while another thread works on them; one question at a time.
const inbox = Buffer.allocUnsafeSlow(INBOX_BYTES);
const outbox = Buffer.allocUnsafeSlow(256);

interface Family {
  readonly id: number;
  readonly mlme: number | undefined;
}

/** Radios by nl80211. Where the kernel has no such thing everything is undefined, and it is asked for again at every read: a
 *  radio that is plugged in brings it along. */
export function linuxRadios(): Radios {
  let family: Family | undefined;
  let socket: number | undefined;
  let onFamily: ((family: Family) => void) | undefined;
  let seq = 0;
  // Drivers that leave joining to the supplicant don't say what it is called: that stands among what was heard, and is read once.
  const names = new Map<number, { readonly bssid: string; readonly ssid: string }>();
  // One question after the other: they share a socket, and a driver that hangs shall hang one thread.
  let turn: Promise<unknown> = Promise.resolve();
  const find = (): Family | undefined => {
    if (family !== undefined) return family;
    family = askFamily();
    if (family !== undefined) onFamily?.(family);
    return family;
  };
  const ask = async (index: number): Promise<RadioLink | undefined> => {
    const known = find();
    if (known === undefined) return undefined;
    socket ??= genericSocket();
    if (socket === undefined) return undefined;
    seq = (seq + 4) & 0x7fffffff;
    const question = { socket, family: known.id, index, seq };
    const link = await read(question);
    if (link?.station === undefined || link.interface.ssid !== "") return link;
    const { bssid } = link.station;
    const name = names.get(index);
    const ssid = name?.bssid === bssid ? name.ssid : await readName({ ...question, seq: seq + 2 });
    if (ssid !== "") names.set(index, { bssid, ssid });
    return { ...link, interface: { ...link.interface, ssid } };
  };
  return {
    read(index) {
      const answer = turn.then(() => ask(index));
      turn = answer.catch(() => undefined);
      return answer;
    },
    watch(onNews, onMissed) {
      let watching: Watching | undefined;
      onFamily = (known) => {
        watching ??= follow(known, onNews, onMissed);
      };
      find();
      if (family !== undefined) onFamily(family);
      return {
        drain: () => watching?.drain(),
        stop() {
          onFamily = undefined;
          watching?.stop();
        },
      };
    },
    close() {
      // What is under way on another thread must not find the number given to somebody else.
      void turn.then(() => {
        if (socket !== undefined) close(socket);
        socket = undefined;
      });
    },
  };
}

function follow(family: Family, onNews: (news: RadioNews) => void, onMissed: () => void): Watching | undefined {
  const fd = family.mlme === undefined ? undefined : genericSocket();
  if (fd === undefined || family.mlme === undefined) return undefined;
  const group = Buffer.allocUnsafeSlow(4);
  group.writeUInt32LE(family.mlme, 0);
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group, 4) < 0) {
    close(fd);
    return undefined;
  }
  const take = (message: NetlinkMessage): void => {
    const news = decodeRadioNews(message, family.id);
    if (news !== undefined) onNews(news);
  };
  return followSocket(fd, take, onMissed);
}

function genericSocket(): number | undefined {
  const opened = openSocket(0, NETLINK_GENERIC);
  return opened.ok ? opened.value : undefined;
}

/** The family is known at once or not at all: nothing is waited for. */
function askFamily(): Family | undefined {
  const fd = genericSocket();
  if (fd === undefined) return undefined;
  const request = Buffer.from(encodeFamilyRequest(NL80211));
  const answer = Buffer.allocUnsafeSlow(INBOX_BYTES);
  const sent = Number(sendto(fd, request, request.length, 0, null, 0));
  const length = sent < 0 ? -1 : Number(recv(fd, answer, answer.length, MSG_DONTWAIT));
  close(fd);
  for (const message of decodeMessages(answer.subarray(0, Math.max(0, length))).messages) {
    const id = decodeFamily(message);
    if (id !== undefined) return { id, mlme: decodeGroups(message).get(MLME_GROUP) };
  }
  return undefined;
}

interface Question {
  readonly socket: number;
  readonly family: number;
  readonly index: number;
  readonly seq: number;
}

async function send(socket: number, question: Uint8Array): Promise<boolean> {
  outbox.set(question);
  return (await sendOff(socket, outbox.subarray(0, question.length))) >= 0;
}

/** The name of the joined network; "": it isn't among what was heard. */
async function readName({ socket, family, index, seq }: Question): Promise<string> {
  let found = "";
  if (!(await send(socket, encodeScanQuestion(family, index, seq)))) return "";
  await eachAnswer(socket, (message) => {
    if (message.seq !== seq) return "more";
    found ||= decodeJoinedSsid(message, family) ?? "";
    // To its end, or what is left would be in the next question's way.
    return isEnd(message) ? "enough" : "more";
  });
  return found;
}

/** Two questions, their answers, and the end of the list. */
async function read(of: Question): Promise<RadioLink | undefined> {
  const { socket, family, index, seq } = of;
  const numbers = { interface: seq, station: seq + 1 };
  let found: RadioInterface | undefined;
  let station: RadioStation | undefined;
  for (const question of encodeRadioQuestion(family, index, numbers)) {
    if (!(await send(socket, question))) break;
  }
  await eachAnswer(socket, (message) => {
    if (message.seq === numbers.interface) found ??= decodeRadioInterface(message, family);
    if (message.seq !== numbers.station) return "more";
    station ??= decodeRadioStation(message, family);
    return isEnd(message) ? "enough" : "more";
  });
  return found?.isStation === true && found.index === index ? { interface: found, station } : undefined;
}

function isEnd(message: NetlinkMessage): boolean {
  return message.type === NLMSG_DONE || (message.type === NLMSG_ERROR && decodeError(message).errno !== 0);
}

/** Reads until there is enough, or nothing more lies there: the kernel answers within the call that asks. */
async function eachAnswer(socket: number, take: (message: NetlinkMessage) => "more" | "enough"): Promise<void> {
  for (let count = 0; count < MOST_READ; count++) {
    const length = await receiveOff(socket, inbox);
    if (length < 0) return;
    for (const message of decodeMessages(inbox.subarray(0, length)).messages) if (take(message) === "enough") return;
  }
}
