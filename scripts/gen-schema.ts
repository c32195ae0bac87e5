// Writes the files made from the description of holdfast.yaml: the JSON Schema, and the tables of its guide.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { guideText, schemaText } from "../src/config/generated.ts";

const guide = "docs/guide/holdfast-yaml.md";

mkdirSync("schema", { recursive: true });
writeFileSync("schema/holdfast.schema.json", schemaText());
writeFileSync(guide, guideText(readFileSync(guide, "utf8")));
