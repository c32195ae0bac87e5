import { resolve } from "node:path";
import ts from "typescript";
import { apiRoot, type Endpoint, type EndpointParameter, endpoints } from "../src/api/dashboard-endpoints.ts";

/** docs/openapi.json: the dashboard's endpoints, with the schemas of their documents made from the very types the server answers by. */
export function openApiText(): string {
  const { answerSchema, components } = schemasOf("src/api/dashboard.ts");
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, endpoint] of Object.entries(endpoints) as [string, Endpoint][]) {
    const operation = operationOf(name, endpoint, answerSchema);
    const path = `${apiRoot}${endpoint.path}`;
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation };
  }
  const document = {
    openapi: "3.1.0",
    info: {
      title: "Holdfast's dashboard",
      version: "1",
      description:
        "Everything the dashboard shows. Keys are added, never renamed or taken away. docs/guide/dashboard.md",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:9438" }],
    paths,
    components: {
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-holdfast",
          description: "From POST login. holdfast-PORT without TLS.",
        },
        token: {
          type: "apiKey",
          in: "header",
          name: "X-Holdfast-Token",
          description: "From the login's answer; for every POST.",
        },
      },
      schemas: Object.fromEntries(Object.entries(components).toSorted(([one], [other]) => (one < other ? -1 : 1))),
    },
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

type Schema = Readonly<Record<string, unknown>>;

function operationOf(name: string, endpoint: Endpoint, answerSchema: (type: string) => Schema): Schema {
  const { method, about, role, path, query = {}, body, answer } = endpoint;
  const json = (type: string): Schema => ({ "application/json": { schema: answerSchema(type) } });
  const refused = (description: string): Schema => ({ description, content: json("ProblemDocument") });
  const content =
    answer === "stream"
      ? { "text/event-stream": { schema: { type: "string" } } }
      : answer === "OpenApi"
        ? { "application/json": { schema: { type: "object" } } }
        : json(answer);
  const inPath = path.includes("{port}")
    ? [{ name: "port", in: "path", required: true, schema: { type: "string" } }]
    : [];
  const inQuery = Object.entries(query).map(([key, row]) => ({
    name: key,
    in: "query",
    description: row.fallback === undefined ? row.about : `${row.about} Not said: ${row.fallback}.`,
    schema: parameterSchema(row),
  }));
  const security = role === "nobody" ? [] : [method === "POST" ? { session: [], token: [] } : { session: [] }];
  return {
    operationId: name,
    summary: about,
    ...(role === "nobody" ? {} : { description: `For a ${role}.` }),
    security,
    ...(inPath.length + inQuery.length === 0 ? {} : { parameters: [...inPath, ...inQuery] }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: { "200": { description: "As asked", content }, default: refused("Refused, in words") },
  };
}

function parameterSchema({ kind, min, max, words }: EndpointParameter): Schema {
  if (kind === "time") return { type: "integer", format: "int64", minimum: 0 };
  if (kind === "whole") return { type: "integer", minimum: min ?? 0, ...(max === undefined ? {} : { maximum: max }) };
  return { type: "string", ...(words === undefined ? {} : { enum: words }) };
}

interface Reading {
  readonly checker: ts.TypeChecker;
  readonly components: Record<string, Schema>;
  readonly source: ts.SourceFile;
}

/** The types a file exports, as schemas that refer to each other by name. */
function schemasOf(path: string): {
  readonly answerSchema: (type: string) => Schema;
  readonly components: Record<string, Schema>;
} {
  const file = resolve(path);
  const program = ts.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    noEmit: true,
    types: [],
  });
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${path} is missing`);
  const reading: Reading = { checker: program.getTypeChecker(), components: {}, source };
  const module = reading.checker.getSymbolAtLocation(source);
  const exported = new Map(
    module === undefined ? [] : reading.checker.getExportsOfModule(module).map((one) => [one.name, one] as const),
  );
  const answerSchema = (name: string): Schema => {
    const symbol = exported.get(name);
    if (symbol === undefined) throw new Error(`${path} exports no ${name}`);
    const target = symbol.flags & ts.SymbolFlags.Alias ? reading.checker.getAliasedSymbol(symbol) : symbol;
    return schemaOf(reading, reading.checker.getDeclaredTypeOfSymbol(target));
  };
  return { answerSchema, components: reading.components };
}

function schemaOf(reading: Reading, type: ts.Type): Schema {
  const { checker } = reading;
  if (type.isUnion()) return unionOf(reading, type);
  if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
  if (type.flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(type) === "true" };
  if (type.flags & ts.TypeFlags.String) return { type: "string" };
  if (type.flags & ts.TypeFlags.Number) return { type: "number" };
  if (type.flags & ts.TypeFlags.Null) return { type: "null" };
  if (checker.isTupleType(type)) {
    const items = checker.getTypeArguments(type as ts.TypeReference).map((one) => schemaOf(reading, one));
    return { type: "array", prefixItems: items, minItems: items.length, maxItems: items.length };
  }
  if (checker.isArrayType(type)) {
    const [item] = checker.getTypeArguments(type as ts.TypeReference);
    return { type: "array", ...(item === undefined ? {} : { items: schemaOf(reading, item) }) };
  }
  return named(reading, type);
}

/** Interfaces are told once, by name; types without one where they stand. */
function named(reading: Reading, type: ts.Type): Schema {
  const symbol = type.getSymbol();
  const isNamed = symbol !== undefined && (symbol.flags & ts.SymbolFlags.Interface) !== 0;
  if (!isNamed) return objectOf(reading, type);
  const { name } = symbol;
  if (!(name in reading.components)) {
    // Known before it is told: it may speak of itself.
    reading.components[name] = {};
    reading.components[name] = objectOf(reading, type);
  }
  return { $ref: `#/components/schemas/${name}` };
}

function objectOf(reading: Reading, type: ts.Type): Schema {
  const { checker, source } = reading;
  const values = checker.getIndexInfoOfType(type, ts.IndexKind.String);
  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  for (const property of checker.getPropertiesOfType(type)) {
    const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const about = ts.displayPartsToString(property.getDocumentationComment(checker));
    const schema = schemaOf(reading, checker.getTypeOfSymbolAtLocation(property, source));
    properties[property.name] = about === "" ? schema : { description: about, ...schema };
    if (!isOptional) required.push(property.name);
  }
  return {
    type: "object",
    ...(required.length + Object.keys(properties).length === 0 ? {} : { properties }),
    ...(required.length === 0 ? {} : { required: required.toSorted() }),
    ...(values === undefined ? {} : { additionalProperties: schemaOf(reading, values.type) }),
  };
}

/** Literals become an enum; whatever else is left, one of each. */
function unionOf(reading: Reading, type: ts.UnionType): Schema {
  const { checker } = reading;
  const all = type.types.filter((one) => !(one.flags & ts.TypeFlags.Undefined));
  const booleans = all.filter((one) => one.flags & ts.TypeFlags.BooleanLiteral);
  const literals = all.flatMap((one) => (one.isStringLiteral() || one.isNumberLiteral() ? [one.value] : []));
  const isNullable = all.some((one) => one.flags & ts.TypeFlags.Null);
  const others = all.filter(
    (one) =>
      !one.isStringLiteral() &&
      !one.isNumberLiteral() &&
      !(one.flags & (ts.TypeFlags.Null | ts.TypeFlags.BooleanLiteral)),
  );
  const parts: Schema[] = [
    ...(literals.length > 0 ? [{ enum: literals.toSorted() }] : []),
    ...(booleans.length === 2
      ? [{ type: "boolean" }]
      : booleans.map((one) => ({ const: checker.typeToString(one) === "true" }))),
    ...others.map((one) => schemaOf(reading, one)).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ...(isNullable ? [{ type: "null" }] : []),
  ];
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { anyOf: parts };
}
