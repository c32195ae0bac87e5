/** Network UPS Tools' line protocol, as far as watching one UPS needs it. Source: RFC 9271. */

/** A line of an answer. */
export type NutLine =
  /** One variable of a UPS. */
  | { readonly kind: "var"; readonly ups: string; readonly name: string; readonly value: string }
  | { readonly kind: "begin" | "end" }
  | { readonly kind: "ok" }
  /** The server's own word for what is wrong: "ACCESS-DENIED", "UNKNOWN-UPS", "DATA-STALE", "DRIVER-NOT-CONNECTED". */
  | { readonly kind: "err"; readonly word: string }
  | { readonly kind: "other"; readonly text: string };

/** The question for all variables of a UPS, with its line feed. Undefined where the name is none: it may not end the line. */
export function askVariables(ups: string): string | undefined {
  return isUpsName(ups) ? `LIST VAR ${ups}\n` : undefined;
}

/** What upsd takes for a name of a UPS: no blanks, no quotes, nothing that prints nothing. */
export function isUpsName(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,64}$/.test(text);
}

/** Understands one line without its line feed. Total: any text is something. */
export function readNutLine(text: string): NutLine {
  const words = wordsOf(text);
  const [first, second = "", third = "", fourth] = words;
  if (first === "VAR" && fourth !== undefined) return { kind: "var", ups: second, name: third, value: fourth };
  if (first === "BEGIN" || first === "END") return { kind: first === "BEGIN" ? "begin" : "end" };
  if (first === "OK") return { kind: "ok" };
  if (first === "ERR") return { kind: "err", word: /^[A-Z-]{1,40}$/.test(second) ? second : "UNKNOWN" };
  return { kind: "other", text };
}

/** Words, of which those with blanks stand in quotes; a backslash takes the next character as it is. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let isOpen = false;
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (char === "\\") {
      word += text[++at] ?? "";
      isOpen = true;
    } else if (char === '"') {
      isQuoted = !isQuoted;
      isOpen = true;
    } else if (char === " " && !isQuoted) {
      if (isOpen) words.push(word);
      [word, isOpen] = ["", false];
    } else {
      word += char;
      isOpen = true;
    }
  }
  return isOpen ? [...words, word] : words;
}

/** What a UPS says of itself. */
export interface UpsReading {
  /** What feeds the load. "unknown": it says neither, as in its self-test. */
  readonly source: "mains" | "battery" | "unknown";
  /** Its own word that it will not last much longer. */
  readonly isLow: boolean;
  /** Its battery wants to be replaced. */
  readonly wantsBattery: boolean;
  /** Charge, 0 to 100. Absent: not said. */
  readonly chargePercent?: number;
  /** How long it would carry its load, ms, by its own estimate. Absent: not said. */
  readonly runtimeMs?: number;
  /** Volts that come in. Absent: not said. */
  readonly inputVolts?: number;
}

/** Reads the variables of a UPS by name. Source: NUT's "Network protocol" and "Variables" chapters (ups.status: OL, OB, LB, RB, FSD). */
export function upsReading(variables: ReadonlyMap<string, string>): UpsReading {
  const status = (variables.get("ups.status") ?? "").split(/\s+/);
  const source = status.includes("OB") ? "battery" : status.includes("OL") ? "mains" : "unknown";
  const charge = numberOf(variables.get("battery.charge"), 100);
  const runtime = numberOf(variables.get("battery.runtime"), 365 * 86_400);
  const volts = numberOf(variables.get("input.voltage"), 100_000);
  return {
    source,
    isLow: source === "battery" && (status.includes("LB") || status.includes("FSD")),
    wantsBattery: status.includes("RB"),
    ...(charge === undefined ? {} : { chargePercent: charge }),
    ...(runtime === undefined ? {} : { runtimeMs: Math.round(runtime * 1000) }),
    ...(volts === undefined ? {} : { inputVolts: volts }),
  };
}

function numberOf(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^\d{1,9}(\.\d{1,6})?$/.test(text.trim())) return undefined;
  const value = Number(text);
  return value <= most ? value : undefined;
}
