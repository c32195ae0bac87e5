/** Names a namespace of ours, so that no other program's deterministic uuids meet these. Itself made by uuidgen, once. */
const namespace = bytesOfUuid("6f1c8a52-3d0e-4b7a-9c55-0f8a6d2b41e7");

/** The uuid of the profile for an interface: RFC 4122 version 5 over the interface's name, so that rendering twice names the same
 *  profile, and NetworkManager takes a new text for a change of the old one. */
export function profileUuid(name: string): string {
  const digest = sha1([...namespace, ...utf8(name)]);
  const id = digest.slice(0, 16);
  id[6] = ((id[6] ?? 0) & 0x0f) | 0x50;
  id[8] = ((id[8] ?? 0) & 0x3f) | 0x80;
  const hex = id.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function bytesOfUuid(uuid: string): readonly number[] {
  return [...uuid.replaceAll("-", "").matchAll(/../g)].map(([pair]) => Number.parseInt(pair, 16));
}

/** The bytes of a text; what is no character becomes the sign for one that is lost. */
export function utf8(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

/** SHA-1 of some bytes, here because a pure folder has no cryptography library. Good for names; for nothing secret. Source: RFC 3174. */
export function sha1(message: readonly number[]): number[] {
  const padded = pad(message);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < padded.length; at += 64) digestBlock(state, padded, at);
  return state.flatMap((word) => [word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff]);
}

function pad(message: readonly number[]): readonly number[] {
  const zeros = (119 - (message.length % 64)) % 64;
  const bits = message.length * 8;
  // Names are short: the upper half of the 64-bit length stays zero.
  const length = [0, 0, 0, 0, bits >>> 24, (bits >>> 16) & 0xff, (bits >>> 8) & 0xff, bits & 0xff];
  return [...message, 0x80, ...new Array<number>(zeros).fill(0), ...length];
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function digestBlock(state: number[], bytes: readonly number[], from: number): void {
  const words: number[] = [];
  for (let i = 0; i < 16; i++) {
    const at = from + i * 4;
    words.push(
      ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0),
    );
  }
  for (let i = 16; i < 80; i++)
    words.push(rotate((words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0), 1));
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < 80; i++) {
    const next = (rotate(a, 5) + mixed(i, b, c, d) + e + (words[i] ?? 0)) | 0;
    [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
  }
  [a, b, c, d, e].forEach((word, i) => {
    state[i] = ((state[i] ?? 0) + word) | 0;
  });
}

function mixed(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}
