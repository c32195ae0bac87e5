/** What one message of the bonding driver tells. `port` is "" where the whole bond is meant. */
export interface BondMessage {
  readonly bond: string;
  readonly port: string;
  readonly tells: BondFact;
}

export type BondFact =
  /** The link is up or down, though updelay or downdelay may still keep the bond from acting on it. */
  | { readonly kind: "link"; readonly up: boolean }
  /** The port became the active one. */
  | { readonly kind: "active" }
  /** No port is active any more. */
  | { readonly kind: "none-active" }
  | { readonly kind: "enslaved"; readonly up: boolean; readonly active: boolean }
  | { readonly kind: "released" }
  /** Something else that is worth a line in a history: `text` without names. */
  | { readonly kind: "said"; readonly text: string }
  /** Chatter: what another message says better, or what matters to the driver's developers only. */
  | { readonly kind: "chatter" };

/* Three forms, by the age of the driver: "bonding: bond0: … eth0", "bond0: … eth0" (from 3.x), "bond0: (slave eth0): …"
 * (from 5.3). Once the head is off, the words are nearly the same; where a port is named in them, it is called IF here. */
const head = /^(?:bonding: )?(?:bond(?:ing)? )?([^\s:()]+)(?: \(unregistering\))?: (?:\(slave ([^\s)]+)\): )?(.+)$/;

const port = "(?<port>[^\\s,()]+)";
const facts: readonly (readonly [RegExp, (groups: Groups) => BondFact])[] = [
  [/^link status definitely down/, () => ({ kind: "link", up: false })],
  [/^link status definitely up/, () => ({ kind: "link", up: true })],
  [
    /^link status (?:up again|down again) after/,
    ({ text }) => ({ kind: "link", up: text.startsWith("link status up") }),
  ],
  [/^link status down for/, () => ({ kind: "link", up: false })],
  [/^link status up\b/, () => ({ kind: "link", up: true })],
  [/^(?:backup )?interface (?:\S+ )?is now (?:up|down)/, ({ text }) => ({ kind: "link", up: /now up/.test(text) })],
  [/^making interface (?:\S+ )?the new active one/, () => ({ kind: "active" })],
  [/^\S+ is up and now the active interface/, () => ({ kind: "active" })],
  [/^now running without any active interface/, () => ({ kind: "none-active" })],
  [
    /^enslaving (?:\S+ )?as an? (?:active|backup) interface/i,
    ({ text }) => ({ kind: "enslaved", up: /an up link/.test(text), active: /an active/.test(text) }),
  ],
  [/^releasing (?:active|backup) interface/i, () => ({ kind: "released" })],
  [/^(?:Adding|Removing) slave/, () => ({ kind: "chatter" })],
  [/^(?:first )?active interface up/, () => ({ kind: "said", text: "the first port of the aggregate is up" })],
  [/^Warning: No 802\.3ad response/, () => ({ kind: "said", text: "no port's neighbour speaks LACP" })],
  [/^(?:set|sett)ing /i, ({ text }) => ({ kind: "said", text: text.replace(/\.$/, "") })],
  [/^(?:released all slaves)/i, () => ({ kind: "said", text: "every port was released" })],
  [/^Error|^(?:failed|unable) to|^Error -\d/i, ({ text }) => ({ kind: "said", text: text.replace(/\.$/, "") })],
  [
    /^(?:invalid new link|speed changed|Warning: failed to get speed|doing slave updates|mixed no)/,
    () => ({ kind: "chatter" }),
  ],
  [
    /^(?:bond_should_notify_peers|EVENT |Received LACPDU|Rx Machine|partner sync|port \d+\()/,
    () => ({ kind: "chatter" }),
  ],
];

interface Groups {
  readonly text: string;
}

/* Where the older forms name the port. */
const named: readonly RegExp[] = [
  new RegExp(`^enslaving (?!as\\b)${port} as`, "i"),
  new RegExp(`^(?:Adding|Removing) slave ${port}`),
  new RegExp(`^${port} is up and now`),
  new RegExp(`interface (?!is\\b|the\\b|with\\b|up\\b)${port}`),
  new RegExp(`on slave ${port}`),
  new RegExp(`cannot release ${port}`),
];

/** Reads the text of a kernel message (without time and "kernel:"); undefined: it isn't one of a bond. */
export function readBondMessage(text: string): BondMessage | undefined {
  const born = /^(?:bonding: )?([^\s:()]+) is being (created|deleted)/.exec(text);
  if (born !== null) {
    return { bond: born[1] ?? "", port: "", tells: { kind: "said", text: `the bond was ${born[2]}` } };
  }
  const [, bond = "", slave, words = ""] = head.exec(text) ?? [];
  // "bonding: MII link monitoring set to 100 ms" speaks of the module, and has no second colon.
  if (bond === "" || bond === "bonding") return undefined;
  for (const [pattern, make] of facts) {
    if (!pattern.test(words)) continue;
    const tells = make({ text: words });
    return {
      bond,
      port: slave ?? portIn(words),
      tells: tells.kind === "said" ? { ...tells, text: trimmed(tells.text) } : tells,
    };
  }
  // "eth0: link becomes ready" and the like: only what is said of a port of a bond is surely the driver's.
  return slave === undefined ? undefined : { bond, port: slave, tells: { kind: "said", text: trimmed(words) } };
}

function portIn(words: string): string {
  for (const pattern of named) {
    const found = pattern.exec(words)?.groups?.["port"];
    if (found !== undefined) return found.replace(/[.!]$/, "");
  }
  return "";
}

function trimmed(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 159)}…`;
}
