import { guideText, schemaText } from "../src/config/generated.ts";
import { dialectsText } from "./dialects-readme.ts";
import { trapsText } from "./known-traps.ts";
import { configurationPage, programPage } from "./man-pages.ts";
import { openApiText } from "./open-api.ts";

/** Files that are made from the sources and committed, each with what makes its text from the one that is there. */
export const generated: Readonly<Record<string, (before: string) => string>> = {
  "schema/holdfast.schema.json": schemaText,
  "docs/guide/holdfast-yaml.md": guideText,
  "docs/dialects/README.md": dialectsText,
  "docs/guide/what-check-sees.md": trapsText,
  "docs/openapi.json": openApiText,
  "docs/man/holdfast.1": programPage,
  "docs/man/holdfast.yaml.5": configurationPage,
};
