import { holdfastJsonSchema } from "./json-schema.ts";
import { keyTables } from "./key-table.ts";

/** Where the tables begin and end in the guide. */
const begin = "<!-- generated: npm run generate -->";
const end = "<!-- /generated -->";

/** The text of schema/holdfast.schema.json. */
export function schemaText(): string {
  return `${JSON.stringify(holdfastJsonSchema(), undefined, 2)}\n`;
}

/** The guide with its tables written anew; the words around stay. A guide without the marks comes back as it is. */
export function guideText(guide: string): string {
  const from = guide.indexOf(begin);
  const to = guide.indexOf(end);
  if (from === -1 || to < from) return guide;
  return `${guide.slice(0, from + begin.length)}\n\n${keyTables()}\n${guide.slice(to)}`;
}
