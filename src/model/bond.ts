import type { BondOptions, PortOptions } from "./options.ts";

/** A bond with all that the declaring files say of it. Options hold only what was said: a missing
 *  option means the kernel's (or the consumer's) default. Plain, comparable, ordered as declared. */
export interface Bond {
  readonly name: string;
  readonly ports: readonly string[];
  readonly options: BondOptions;
  /** Options of single ports, by port name. */
  readonly portOptions?: Readonly<Record<string, PortOptions>>;
}

/** How a port that is a radio joins its network. The key itself never stands in the model: only where it is kept. */
export interface Wifi {
  readonly ssid: string;
  /** Where the pre-shared key is: a file that holds it, or "inline" when the source has it in clear text. */
  readonly psk?: { readonly file: string } | { readonly inline: Secret };
  /** Further supplicant settings, keys as wpa_supplicant spells them (lower case, underscores). */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A secret read from a source. It prints, serialises and inspects as "(secret)"; only reveal() gives the text. */
export class Secret {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  reveal(): string {
    return this.#text;
  }
  toString(): string {
    return "(secret)";
  }
  toJSON(): string {
    return "(secret)";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "(secret)";
  }
}
