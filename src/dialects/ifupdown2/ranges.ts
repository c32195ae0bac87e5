/** Most names one range may stand for, and longest prefix: no switch has more ports. */
const limit = 4096;

const withTail = /^(\w{1,32})\[(\d{1,6})-(\d{1,6})\]([.\w]{1,32})/;
const plain = /^([\w.]{1,32})\[(\d{1,6})-(\d{1,6})\]/;

/** The names that swp[1-4] or swp[1-4].100 stands for; the name itself where it is no range. Source: parse_iface_range(). */
export function namesOfRange(name: string): readonly string[] {
  const found = withTail.exec(name) ?? plain.exec(name);
  if (found === null) return [name];
  return numbered(found[1] ?? "", Number(found[2]), Number(found[3]), found[4] ?? "");
}

function numbered(prefix: string, first: number, last: number, tail: string): readonly string[] {
  const count = Math.max(0, Math.min(last - first + 1, limit));
  return Array.from({ length: count }, (_, index) => `${prefix}${first + index}${tail}`);
}

/** The ports a list stands for: names, `glob swp1-4`, and `regex PATTERN` over the names at hand (a pattern is told, and not run:
 *  its grammar is Python's). "none" and what else is no interface is left in `odd`. */
export function portsOf(list: string): { readonly ports: readonly string[]; readonly odd: readonly string[] } {
  const ports = new Set<string>();
  const odd: string[] = [];
  let next: "glob" | "regex" | undefined;
  for (const word of list.split(/\s+/)) {
    if (word === "glob" || word === "regex") next = word;
    else if (word === "noglob" || word === "noregex") next = undefined;
    else if (next === "regex") {
      odd.push(`regex ${word}`);
      next = undefined;
    } else if (next === "glob") {
      for (const name of namesOfGlob(word)) ports.add(name);
      next = undefined;
    } else if (word === "none" || word === "all") odd.push(word);
    else if (word !== "") ports.add(word);
  }
  return { ports: [...ports], odd };
}

function namesOfGlob(word: string): readonly string[] {
  const found = /^([\w.]*?[A-Za-z_])(\d{1,6})-(\d{1,6})(\.[\w]{1,16})?$/.exec(word);
  if (found === null) return namesOfRange(word);
  return numbered(found[1] ?? "", Number(found[2]), Number(found[3]), found[4] ?? "");
}
