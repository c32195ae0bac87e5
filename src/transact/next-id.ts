import { attempt } from "./disk-problem.ts";
import type { Ports } from "./ports.ts";
import { base32 } from "./token.ts";
import { shared } from "./transaction.ts";

/** "000042-k3f9qa": one more than any there is, so that ids sort by age whatever a clock says, and chance, so that a
 *  transaction that a power cut took away isn't mistaken for the next one. */
export function nextId({ disk, places, random }: Ports): string {
  const names = [places.state, shared(places).history].flatMap((path) => {
    const listed = attempt(() => disk.list(path));
    return listed.ok ? listed.value : [];
  });
  const last = Math.max(0, ...names.flatMap((name) => idPattern.exec(name)?.[1] ?? []).map(Number));
  return `${String(last + 1).padStart(6, "0")}-${base32(random(4)).slice(0, 6)}`;
}

/** What a transaction's directory is called. */
export const idPattern = /^(\d{6,})-[a-z2-7]{6}$/;
