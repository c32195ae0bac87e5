import type { Json } from "../model/config.ts";
import { type OptionName, optionNames, optionRow } from "../model/options.ts";
import { bondShape } from "./bond-shape.ts";
import { durationPattern } from "./duration.ts";
import { holdfastShape } from "./holdfast-shape.ts";
import type { RecordShape, Shape } from "./shape.ts";

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [key: string]: Json };

/** The schema of holdfast.yaml for editors: keys, types, ranges and texts. What takes several values together (a gateway
 *  outside its subnet) only `holdfast check` sees. */
export function holdfastJsonSchema(): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "holdfast.yaml",
    description: holdfastShape.about,
    ...withoutAbout(schemaOf(holdfastShape)),
    $defs: {
      bond: { description: bondShape.about, ...recordType(bondShape) },
      ...Object.fromEntries(
        optionNames.map((name) => [name, { description: optionRow(name).about, ...optionType(name) }]),
      ),
    },
  };
}

function withoutAbout(schema: JsonSchema): JsonSchema {
  const { description: _, ...rest } = schema;
  return rest;
}

/** What is used in several places stands once, under $defs. */
function schemaOf(shape: Shape): JsonSchema {
  if (shape === bondShape) return { $ref: "#/$defs/bond" };
  if (shape.kind === "option") return { $ref: `#/$defs/${shape.option}` };
  const description = shape.fallback === undefined ? shape.about : `${shape.about} Default: ${shape.fallback}.`;
  return { description, ...typeOf(shape) };
}

function typeOf(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case "text":
      return { type: "string", minLength: 1, ...(shape.pattern === undefined ? {} : { pattern: shape.pattern }) };
    case "whole":
      return { type: "integer", minimum: shape.min, maximum: shape.max };
    case "flag":
      return { type: "boolean" };
    case "choice":
      return { type: "string", enum: shape.words };
    case "duration":
      return { type: "string", pattern: durationPattern };
    case "secret":
      return {
        type: "object",
        properties: { file: { type: "string", minLength: 1 } },
        required: ["file"],
        additionalProperties: false,
      };
    case "json":
      return shape.required === undefined ? {} : { type: "object", required: shape.required };
    case "option":
      return optionType(shape.option);
    case "list":
      return listType(schemaOf(shape.item), shape.alone);
    case "either":
      return { anyOf: shape.of.map(schemaOf) };
    case "named":
      return {
        type: "object",
        propertyNames: { pattern: "^[\\p{L}\\p{N}][\\p{L}\\p{N}_.-]{0,39}$" },
        additionalProperties: schemaOf(shape.value),
      };
    case "record":
      return recordType(shape);
  }
}

function listType(item: JsonSchema, alone: "one-may-stand-alone" | "always-a-list"): JsonSchema {
  const list = { type: "array", items: item };
  return alone === "always-a-list" ? list : { anyOf: [list, item] };
}

function recordType(shape: RecordShape): JsonSchema {
  const properties = Object.fromEntries(Object.entries(shape.fields).map(([key, field]) => [key, schemaOf(field)]));
  const required = shape.required.length === 0 ? {} : { required: shape.required };
  return { type: "object", properties, ...required, additionalProperties: false };
}

function optionType(name: OptionName): JsonSchema {
  const row = optionRow(name);
  switch (row.kind) {
    case "int": {
      const number = { type: "integer", minimum: row.min, maximum: row.max };
      return row.unit === "ms" || row.unit === "s"
        ? { anyOf: [number, { type: "string", pattern: durationPattern }] }
        : number;
    }
    case "choice":
      return { enum: [...Object.keys(row.choices), ...Object.values(row.choices)] };
    case "flag":
      return { enum: [0, 1, true, false, "off", "on"] };
    case "list":
      return listType({ type: "string", pattern: "^[0-9A-Fa-f.:]+$" }, "one-may-stand-alone");
    case "mac":
      return { type: "string", pattern: "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$" };
    case "port":
      return { type: "string", minLength: 1 };
  }
}
