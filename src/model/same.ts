/** Whether two values are the same data: texts, numbers, lists, and objects field by field. Anything with a class is the same only
 *  as itself. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  if (!isPlain(one) || !isPlain(other)) return false;
  let count = 0;
  for (const key in one) {
    if (!isSame(one[key], own(other, key))) return false;
    if (one[key] !== undefined) count++;
  }
  for (const key in other) if (other[key] !== undefined) count--;
  return count === 0;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Tells every key in which two records differ, each once. Said as undefined is not said. */
export function recordDifferences(one: object = {}, other: object = {}, tell: (key: string) => void): void {
  const left = one as Readonly<Record<string, unknown>>;
  const right = other as Readonly<Record<string, unknown>>;
  for (const key in left) if (!isSame(left[key], own(right, key))) tell(key);
  for (const key in right) if (right[key] !== undefined && own(left, key) === undefined) tell(key);
}

/** What stands under a key, and not what objects have there by themselves. */
function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
