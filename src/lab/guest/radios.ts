import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  AF_NETLINK,
  close,
  errnoName,
  must,
  NETLINK_GENERIC,
  recv,
  SOCK_CLOEXEC,
  SOCK_RAW,
  sendto,
  socket,
} from "../../host/linux/libc.ts";
import type { WireEnd } from "../../topology/lab-plan.ts";
import { s32 } from "../../wire/bytes.ts";
import { decodeFamily, encodeFamilyRequest } from "../../wire/generic-netlink.ts";
import { decodeError, decodeMessages, type NetlinkMessage, NLMSG_ERROR } from "../../wire/netlink.ts";
import type { Namespace } from "./namespaces.ts";
import {
  encodeMoveRadio,
  encodeNewInterface,
  encodeNewRadio,
  encodeReloadRules,
  families,
  type RadioUse,
} from "./radio-requests.ts";
import { runTool } from "./run-tool.ts";

/** Makes simulated radios (mac80211_hwsim) in the runner's own namespace and moves them to where they belong. */
export interface RadioMaker {
  /** A radio with one interface, down, named and addressed as the end says. */
  make(end: WireEnd, use: RadioUse, into: Namespace): void;
  /** Every country's rules, for access points that say theirs. Throws where there is no file of them. */
  loadRules(): void;
  close(): void;
}

/** Opens the kernel's two families for radios. Throws where it has none. */
export function openRadioMaker(home: Namespace): RadioMaker {
  addGroup();
  const fd = must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC), "a generic netlink socket");
  const hwsim = familyOf(fd, families.hwsim);
  const nl80211 = familyOf(fd, families.nl80211);
  return {
    make: (end, use, into) => {
      const name = radioName(end);
      request(fd, encodeNewRadio(hwsim, { name, mac: end.mac }), `a radio for ${end.dev}`);
      const radio = Number(readFileSync(`/sys/class/ieee80211/${name}/index`, "utf8"));
      request(fd, encodeNewInterface(nl80211, { radio, dev: end.dev, use }), `${end.dev} on its radio`);
      if (into !== home) request(fd, encodeMoveRadio(nl80211, radio, into.fd), `${end.dev} into ${into.node}`);
    },
    loadRules: () => {
      offerRules();
      request(fd, encodeReloadRules(nl80211), "the rules of countries for radios");
    },
    close: () => void close(fd),
  };
}

/** Who may talk to wpa_supplicant by what most of Debian's files say. Its package's script makes the group; here none is run, and
 *  where the group is missing wpa_supplicant ends. */
function addGroup(): void {
  const path = "/etc/group";
  const groups = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (/^netdev:/m.test(groups)) return;
  const lines = groups === "" || groups.endsWith("\n") ? groups : `${groups}\n`;
  writeFileSync(path, `${lines}netdev:x:64996:\n`);
}

/** The radio behind an interface. Unlike the interface's name it is the only one of its kind in the lab. */
function radioName(end: WireEnd): string {
  return `${end.node}.${end.dev}`;
}

/** How the package calls what differs by who signed it. Installed, one is linked to under the plain name; unpacked, none is. */
const signers = ["", "-upstream", "-debian"];

/** Puts the file of rules where the kernel looks for it: at its start there was no file system to read it from. */
function offerRules(): void {
  const place = "/usr/lib/firmware/regulatory.db";
  const signer = signers.find((one) => existsSync(`${place}${one}`) && existsSync(`${place}.p7s${one}`));
  if (signer === undefined) throw new Error("there are no rules of countries for radios (package wireless-regdb)");
  const folder = "/run/radio-rules";
  mkdirSync(folder, { recursive: true });
  for (const suffix of ["", ".p7s"]) copyFileSync(`${place}${suffix}${signer}`, `${folder}/regulatory.db${suffix}`);
  writeFileSync("/sys/module/firmware_class/parameters/path", folder);
}

/** Radios hear each other where their groups have a bit in common; all are born with the first. */
const HEARD = "1";
const UNHEARD = "2";

/** Takes an interface's radio out of everybody's reach, at once and without a word, or back into it. */
export function setReach(end: WireEnd, reach: "near" | "away"): void {
  writeFileSync(knob(end, "group"), reach === "near" ? HEARD : UNHEARD);
}

/** What a simulated radio sends with in 2.4 GHz, dBm. Where a country allows more, as in 5 GHz, it is heard so much better. */
const SENT_DBM = 20;

/** How strong everybody hears an interface's radio, dBm (-80 to 19; -30 where nothing was set). It loses no frame by that. */
export function setSignal(end: WireEnd, dbm: number): void {
  // The kernel adds what was sent with. It reads an unsigned number there and takes it for a signed one.
  writeFileSync(knob(end, "rx_rssi"), String(BigInt.asUintN(64, BigInt(dbm - SENT_DBM))));
}

/** A file of the simulator's for one radio. Source: drivers/net/wireless/mac80211_hwsim.c, debugfs. */
function knob(end: WireEnd, name: "group" | "rx_rssi"): string {
  const debug = "/sys/kernel/debug";
  if (!existsSync(`${debug}/ieee80211`)) {
    mkdirSync(debug, { recursive: true });
    runTool("mount", ["-t", "debugfs", "debugfs", debug], "");
  }
  return `${debug}/ieee80211/${radioName(end)}/hwsim/${name}`;
}

const answer = Buffer.allocUnsafeSlow(16_384);

/** Sends a request and waits for its acknowledgement: 0, or a positive number where the kernel has one to tell; errors are
 *  negative. What it answers before that is returned. */
function request(fd: number, bytes: Uint8Array, what: string): readonly NetlinkMessage[] {
  // A copy outside V8's heap: the pointer must hold still while the kernel reads.
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  must(sendto(fd, copy, copy.length, 0, null, 0), what);
  const replies: NetlinkMessage[] = [];
  for (;;) {
    const length = must(recv(fd, answer, answer.length, 0), what);
    for (const message of decodeMessages(Uint8Array.from(answer.subarray(0, length))).messages) {
      if (message.type !== NLMSG_ERROR) replies.push(message);
      else if (s32(message.payload, 0) >= 0) return replies;
      else throw new Error(`${what}: ${refusal(message)}`);
    }
  }
}

function refusal(message: NetlinkMessage): string {
  const { errno, message: words } = decodeError(message);
  return words ?? errnoName(errno);
}

function familyOf(fd: number, name: string): number {
  const id = request(fd, encodeFamilyRequest(name), name)
    .map(decodeFamily)
    .find((found) => found !== undefined);
  if (id === undefined) throw new Error(`the lab's kernel has no ${name}`);
  return id;
}
