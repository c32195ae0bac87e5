import { failed, ok, type Result } from "../../model/result.ts";
import type { Endpoint, EndpointParameter } from "../dashboard-endpoints.ts";

/** Parameters of a question, read: numbers, names, or lists of words. */
export type Parameters = Readonly<Record<string, number | string | readonly string[] | undefined>>;

/** Year 10000, in ms: what dates can say. */
const latest = 253_402_300_799_999;
const mostWords = 40;

/** Reads what an endpoint's question says; the error names the parameter. Those that aren't known are refused, or a typing error would be
 *  taken for "all". */
export function readQuery(endpoint: Endpoint, query: URLSearchParams): Result<Parameters, string> {
  const rows = endpoint.query ?? {};
  const unknown = [...query.keys()].find((name) => !Object.hasOwn(rows, name));
  if (unknown !== undefined) return failed(`there is no parameter ${JSON.stringify(unknown.slice(0, 40))}`);
  const read: Record<string, number | string | readonly string[]> = {};
  for (const [name, row] of Object.entries(rows)) {
    const texts = query.getAll(name);
    const [text] = texts;
    if (text === undefined) continue;
    const value = texts.length > 1 ? undefined : readValue(row, text);
    if (value === undefined) return failed(`${name} must be ${expected(row)}, once`);
    read[name] = value;
  }
  return ok(read);
}

function readValue(row: EndpointParameter, text: string): number | string | readonly string[] | undefined {
  switch (row.kind) {
    case "time":
      return readWhole(text, 0, latest);
    case "whole":
      return readWhole(text, row.min ?? 0, row.max ?? Number.MAX_SAFE_INTEGER);
    case "name":
      // As the kernel has it: up to 15 bytes, no slash, no blank.
      return /^[^\s/\p{C}]{1,64}$/u.test(text) ? text : undefined;
    case "word":
      return row.words?.includes(text) === true ? text : undefined;
    case "words": {
      const words = text.split(",");
      return words.length <= mostWords && words.every((word) => /^[a-z-]{1,40}$/.test(word)) ? words : undefined;
    }
  }
}

function readWhole(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return /^\d{1,16}$/.test(text) && value >= min && value <= max ? value : undefined;
}

function expected({ kind, words, min, max }: EndpointParameter): string {
  const kinds = {
    time: "ms since 1970",
    whole: `a whole number from ${min ?? 0} to ${max ?? Number.MAX_SAFE_INTEGER}`,
    name: "a name",
    word: words?.join(" or ") ?? "a word",
    words: "words with commas between",
  };
  return kinds[kind];
}
