import { editDistance } from "../model/nearest.ts";

/** How surely a key names a secret. "known": its value is one wherever it stands. "likely": where it is plainly a key, that is
 *  before "=" or ":", first on its line, or an option of a command. */
export type SecretKey = "known" | "likely" | undefined;

/* In any dialect's spelling: ifupdown (wpa-psk, wireless-key), keyfile (psk, wep-key0), netplan and holdfast.yaml (psk,
 * password), wpa_supplicant (psk, sae_password, private_key_passwd). */
const known =
  /^(?:(?:wpa|wifi|wireless)-)?(?:psk|sae-password|private-key-passwd|wep-key[0-4]?)$|^(?:wpa|wifi|wireless)-(?:password|passphrase|passwd|pin)$|^wireless-key[0-4]?$|^leap-password$/;

/* Passive mode, passthrough and bypassing are no passwords. */
const likely =
  /psk|pass(?!ive|thr|ing|es$|ed$)|secret|token|wep-?key|private-?key|api-?key|authorization|credential|^(?:pin|pwd|pw)$/;

/* What says where a secret is, or of which kind, and not what it is. */
const reference = /-(?:file|path|flags|type|mgmt|len|length|dir|timeout|id)$|^(?:compass|by-?pass)$/;

/* Slips of the pen, which no program understands and which publish the secret all the same. */
const words = [
  ["password", 2],
  ["passphrase", 2],
  ["passwd", 1],
  ["secret", 1],
  ["token", 1],
] as const;
const wholeKeys = [
  ["wireless-key", 2],
  ["private-key", 2],
  ["wep-key", 1],
] as const;

/** Longer than any key of ours with its slips. */
const longestSlip = 24;

function plain(word: string): string {
  return word
    .replace(/^[-#.]+/, "")
    .replaceAll("_", "-")
    .toLowerCase();
}

/* No word without one of these is in the lists above: asked of every word, it must be quick. */
const telling = /psk|pass|secret|token|key|auth|credential|pin|pw/i;

/** Whether a word names a secret when it is a key. Too many masked words cost a look at the file; one too few publishes a key
 *  in a CI log. */
export function secretKeyOf(word: string): SecretKey {
  if (!telling.test(word)) return undefined;
  const key = word
    .replace(/^[-#.]+/, "")
    .replaceAll("_", "-")
    .toLowerCase();
  if (key.length < 2 || key.includes("/") || reference.test(key)) return undefined;
  // WPA-PSK in capitals names a kind of authentication.
  if (known.test(key)) return word === "WPA-PSK" ? "likely" : "known";
  return likely.test(key) ? "likely" : undefined;
}

/* No slip without it: a part of the key begins as one of the words does, or the key as one of the whole keys. */
const hint = /(?:^|[-._#])[pst]|^[-#.]*w/i;
const any = new RegExp(`${telling.source}|${hint.source}`, "i");

/** False: the word is neither a key of a secret nor a slip of one. To be asked of every word, before anything else is. */
export function mayNameSecret(word: string): boolean {
  return any.test(word);
}

/** Whether `written` is the word with at most so many letters mistyped. Nobody misses the first one; and most words are done with at once. */
function isNear(written: string, [word, most]: readonly [string, number]): boolean {
  if (written[0] !== word[0] || Math.abs(written.length - word.length) > most) return false;
  let missing = 0;
  for (const letter of word) if (!written.includes(letter)) missing++;
  // No slip makes more than one letter another.
  return missing <= most && editDistance(written, word, most + 1) <= most;
}

/** Whether a key looks like the slip of the pen of one that names a secret. Dear: to be asked of keys only, not of every word. */
export function isSlipOfSecretKey(word: string): boolean {
  if (!hint.test(word)) return false;
  const key = plain(word);
  if (key.length < 2 || key.length > longestSlip || key.includes("/") || reference.test(key)) return false;
  const [prefix, ...rest] = key.split(/[-.]/);
  const isRadio = /^(?:wpa|wifi|wireless|wlan)$/.test(prefix ?? "");
  if (isRadio && rest.some((part) => part.length > 1 && isNear(part, ["psk", 1]))) return true;
  if (key.split(/[-.]/).some((part) => words.some((word) => isNear(part, word)))) return true;
  return wholeKeys.some((word) => isNear(isRadio && rest.length > 1 ? rest.join("-") : key, word) || isNear(key, word));
}
