import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiRoot, type Endpoint, endpoints } from "../dashboard-endpoints.ts";
import { ask, type House, logIn, openHouse, type Visitor } from "../testing/house.ts";

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: "query" | "path";
    readonly schema: ParameterSchema;
  }[];
  readonly requestBody?: object;
  readonly responses: { readonly "200": Answer; readonly default: Answer };
}

interface ParameterSchema {
  readonly type: "integer" | "string";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
}

interface Answer {
  readonly content: Readonly<Record<string, { readonly schema: object }>>;
}

/* The document as it is published: what it promises is what is tried. */
const document = JSON.parse(readFileSync("docs/openapi.json", "utf8")) as OpenApi;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
ajv.addSchema({ $id: "openapi", ...document });

let house: House;
let operator: Visitor;
beforeAll(async () => {
  house = await openHouse({}, (store) => {
    store.append({ what: "started", active: "eth0" });
    store.append({ what: "carrier", port: "eth0", up: false });
    store.append({ what: "moved", from: "eth0", to: "wlan0", cause: "carrier-lost", noticedAfterMs: 3, evidence: "x" });
    store.append({ what: "outage-begins", cause: "carrier-lost", since: 1, extent: "port", evidence: "x" });
    store.append({ what: "outage-ends", lastedMs: 90, cause: "carrier-lost" });
    store.append({ what: "redundancy", usable: 1, declared: 2, missing: ["eth0"] });
  });
  operator = await logIn(house, "operator");
}, 60_000);
afterAll(() => house.close());

/** Why an answer isn't what the document says; "" it is. */
function broken(operation: Operation, status: number, json: unknown): string {
  const { content } = status === 200 ? operation.responses["200"] : operation.responses.default;
  const schema = content["application/json"]?.schema;
  if (schema === undefined) return "";
  const anchored = JSON.parse(JSON.stringify(schema).replaceAll("#/components", "openapi#/components")) as object;
  const isValid = ajv.validate(anchored, json);
  return isValid ? "" : `${operation.operationId}: ${ajv.errorsText()}`;
}

function parameter(schema: ParameterSchema): fc.Arbitrary<string> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.type === "integer") {
    const max = Math.min(schema.maximum ?? 2_000_000_000_000, Number.MAX_SAFE_INTEGER);
    return fc.integer({ min: schema.minimum ?? 0, max }).map(String);
  }
  return fc.constantFrom("eth0", "wlan0", "carrier", "moved,outage-begins", "nobody");
}

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom(
    "",
    "%",
    "%00",
    "..",
    "../../etc/passwd",
    "1e999",
    "-1",
    "NaN",
    "[]",
    "__proto__",
    "constructor",
    "0x10",
    "٣",
  ),
);

describe("the API, as its document says", () => {
  test("the document is the list", () => {
    const listed = Object.values<Endpoint>(endpoints).map(({ method, path }) => `${method} ${apiRoot}${path}`);
    expect(operations.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(listed.toSorted());
  });

  test.each(operations.filter(({ operation }) => !["stream", "login", "logout"].includes(operation.operationId)))(
    "$method $path answers what it promises",
    async ({ method, path, operation }) => {
      const parameters = operation.parameters ?? [];
      const wish = fc.record(Object.fromEntries(parameters.map(({ name, schema }) => [name, parameter(schema)])), {
        requiredKeys: parameters.filter((one) => one.in === "path").map(({ name }) => name),
      });
      await fc.assert(
        fc.asyncProperty(wish, async (said) => {
          const query = new URLSearchParams();
          let asked = path;
          for (const { name, in: place } of parameters) {
            const value = said[name];
            if (value === undefined) continue;
            if (place === "path") asked = asked.replace(`{${name}}`, encodeURIComponent(value));
            else query.set(name, value);
          }
          const reply = await ask(house, `${asked}?${query}`, { method, headers: operator.headers });
          expect(reply.status).toBeLessThan(500);
          expect(broken(operation, reply.status, reply.json)).toBe("");
        }),
        { numRuns: parameters.length === 0 ? 2 : 25 },
      );
    },
    60_000,
  );

  test("whatever is asked, nothing breaks: a refusal in words, never a fault", async () => {
    const anyPath = fc.oneof(
      fc.constantFrom(...operations.map(({ path }) => path)),
      hostile.map((text) => `${apiRoot}/${encodeURIComponent(text)}`),
      hostile.map((text) => `${apiRoot}/ports/${encodeURIComponent(text)}/pin`),
      fc.constantFrom("//", "/api/v1/%", "/api/v1/ports/%ff/pin", "/%", "/api/v1//status", "/?", "/api/v1/status/"),
    );
    const anyAsk = fc.record({
      method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"),
      path: anyPath,
      query: fc.array(
        fc.tuple(fc.oneof(fc.constantFrom("limit", "from", "to", "by", "kinds", "step", "port"), hostile), hostile),
        { maxLength: 4 },
      ),
      body: fc.oneof(fc.constant(undefined), fc.string({ unit: "binary", maxLength: 300 }), fc.json()),
      token: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(anyAsk, async ({ method, path, query, body, token }) => {
        const text = query.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join("&");
        const headers = {
          "Content-Type": "application/json",
          ...(token ? operator.headers : { Cookie: operator.cookie }),
        };
        // Nothing that would end the session or wait for a drill.
        fc.pre(!/\/(logout|drill|stream)$/.test(path));
        const reply = await ask(house, text === "" ? path : `${path}?${text}`, {
          method,
          headers,
          ...(body === undefined || method === "GET" || method === "HEAD" ? {} : { body }),
        });
        expect(reply.status).toBeLessThan(500);
        if (reply.status >= 400 && method !== "HEAD" && path !== "/%") {
          expect(reply.json).toMatchObject({ code: expect.any(String), message: expect.any(String) });
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  test("bytes that are no question end the connection, and nobody else's", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await new Promise<void>((done) => {
          const socket = connect(house.port, "127.0.0.1", () => socket.end(bytes));
          socket.on("error", () => {});
          socket.on("data", () => {});
          socket.on("close", () => done());
        });
      }),
      { numRuns: 40 },
    );
    expect((await ask(house, "/api/v1/session")).status).toBe(200);
  }, 60_000);
});
