/** "a", "a and b", "a, b and c": for messages. */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

/** The verb that fits the number of things before it: plural([…], "keeps", "keep"). */
export function agreeing(items: readonly unknown[], singular: string, plural: string): string {
  return items.length === 1 ? singular : plural;
}

/** "once", "twice", "3 times". */
export function times(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}
