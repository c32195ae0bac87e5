/** What every page of ours has in common. */

/** Nothing is fetched and no script runs, whatever stands in a page. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** "Made by Holdfast 0.9 on 2026-03-01 12:00:00 UTC". */
export function sayMaker({ madeAt, version }: { readonly madeAt?: string; readonly version?: string }): string {
  const by = version === undefined ? "Made by Holdfast" : `Made by Holdfast ${version}`;
  return madeAt === undefined ? by : `${by} on ${madeAt.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC")}`;
}
