import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, type House, logIn, openHouse, type Visitor } from "../testing/house.ts";

let house: House;
let viewer: Visitor;
let operator: Visitor;
beforeAll(async () => {
  house = await openHouse();
  viewer = await logIn(house, "viewer");
  operator = await logIn(house, "operator");
}, 60_000);
afterAll(() => house.close());

const code = (json: { readonly code?: string }): string | undefined => json.code;

describe("who may ask", () => {
  test.each(["status", "events", "topology", "audit", "drills", "rehearsals", "what-if", "outages", "stream"])(
    "%s needs a login",
    async (name) => {
      const reply = await ask(house, `/api/v1/${name}`);
      expect([reply.status, code(reply.json)]).toEqual([401, "login-needed"]);
    },
  );

  test("a session says who, and nothing to strangers", async () => {
    expect((await ask(house, "/api/v1/session")).json).toEqual({
      user: null,
      role: null,
      token: null,
      expiresAt: null,
      host: "",
      version: "",
    });
    const { json } = await ask(house, "/api/v1/session", { headers: viewer.headers });
    expect(json).toMatchObject({ user: "viewer", role: "viewer", token: viewer.session.token, version: "1.2.3" });
  });

  test("the cookie is for this site and this program alone", async () => {
    const body = JSON.stringify({ user: "viewer", password: "correct horse battery" });
    const reply = await ask(house, "/api/v1/login", {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    });
    const [cookie = ""] = reply.headers["set-cookie"] ?? [];
    expect(cookie).toMatch(/^holdfast-\d+=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
  });

  test("a viewer sees and orders nothing", async () => {
    expect((await ask(house, "/api/v1/status", { headers: viewer.headers })).status).toBe(200);
    for (const path of ["ports/wlan0/pin", "ports/wlan0/drain", "auto", "drill"]) {
      const reply = await ask(house, `/api/v1/${path}`, { method: "POST", headers: viewer.headers });
      expect([reply.status, code(reply.json)]).toEqual([403, "role-needed"]);
    }
    expect(house.orders).toEqual([]);
  });

  test("an operator's orders reach the agent, and are logged with his name", async () => {
    for (const path of ["ports/wlan0/pin", "ports/eth0/drain", "ports/eth0/undrain", "auto"]) {
      expect((await ask(house, `/api/v1/${path}`, { method: "POST", headers: operator.headers })).status).toBe(200);
    }
    expect(house.orders.splice(0)).toEqual([
      { type: "pin", port: "wlan0" },
      { type: "drain", port: "eth0" },
      { type: "undrain", port: "eth0" },
      { type: "auto" },
    ]);
    expect(house.lines).toContain("operator from 127.0.0.1: pin wlan0");
    const unknown = await ask(house, "/api/v1/ports/eth9/pin", { method: "POST", headers: operator.headers });
    expect(unknown.status).toBe(422);
    expect(unknown.json).toMatchObject({ code: "refused", message: "there is no port eth9" });
  });

  test("an order without the session's token is refused", async () => {
    for (const token of ["", "x", viewer.session.token ?? ""]) {
      const headers = { Cookie: operator.cookie, "X-Holdfast-Token": token };
      const reply = await ask(house, "/api/v1/auto", { method: "POST", headers });
      expect([reply.status, code(reply.json)]).toEqual([403, "token-wrong"]);
    }
    expect(house.orders).toEqual([]);
  });

  test("after the logout the cookie is nobody's", async () => {
    const gone = await logIn(house, "viewer");
    const reply = await ask(house, "/api/v1/logout", { method: "POST", headers: gone.headers });
    expect(reply.status).toBe(200);
    expect(reply.headers["set-cookie"]?.[0]).toContain("Max-Age=0");
    expect((await ask(house, "/api/v1/status", { headers: gone.headers })).status).toBe(401);
  });
});

describe("which pages may ask", () => {
  test.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost:1", "[", "a b"])(
    "by the name %j nobody is answered: a name of theirs may point here",
    async (name) => {
      for (const path of ["/", "/api/v1/session", "/api/v1/status"]) {
        const reply = await ask(house, path, { headers: { ...viewer.headers, Host: name } });
        // Node itself refuses a Host that is none.
        expect([400, 421]).toContain(reply.status);
      }
    },
  );

  test.each(["127.0.0.1", "localhost", "[::1]", "192.168.1.105"])("%s is meant", async (name) => {
    const reply = await ask(house, "/api/v1/session", { headers: { Host: `${name}:${house.port}` } });
    expect(reply.status).toBe(200);
  });

  test.each([
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: "http://127.0.0.1:1" },
    { "Sec-Fetch-Site": "cross-site" },
    { "Sec-Fetch-Site": "same-site" },
  ])("%j is another site: refused, whatever it knows", async (header) => {
    const headers = { ...operator.headers, ...(header as Record<string, string>) };
    for (const [method, path] of [
      ["POST", "auto"],
      ["POST", "login"],
      ["GET", "status"],
    ] as const) {
      const reply = await ask(house, `/api/v1/${path}`, { method, headers });
      expect([reply.status, code(reply.json)]).toEqual([403, "foreign-origin"]);
    }
    expect(house.orders).toEqual([]);
  });

  test("our own page is answered", async () => {
    const headers = { ...operator.headers, Origin: `http://127.0.0.1:${house.port}`, "Sec-Fetch-Site": "same-origin" };
    expect((await ask(house, "/api/v1/auto", { method: "POST", headers })).status).toBe(200);
    house.orders.length = 0;
  });

  test("every answer says what a browser may do with it", async () => {
    for (const path of ["/", "/api/v1/session", "/api/v1/status", "/nothing/here"]) {
      const { headers } = await ask(house, path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).not.toContain("unsafe");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
      });
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect((await ask(house, "/api/v1/session")).headers["cache-control"]).toBe("no-store");
  });
});

describe("questions that are none", () => {
  test.each([
    ["GET", "/api/v1/nothing", 404],
    ["GET", "/api/v1", 404],
    ["POST", "/api/v1/status", 405],
    ["DELETE", "/api/v1/status", 405],
    ["OPTIONS", "/api/v1/login", 405],
    ["GET", "/api/v1/login", 405],
    ["POST", "/", 405],
    ["GET", "/api/v1/events?limit=0", 400],
    ["GET", "/api/v1/events?limit=10&limit=20", 400],
    ["GET", "/api/v1/events?limits=10", 400],
    ["GET", "/api/v1/events?kinds=%00", 400],
    ["GET", "/api/v1/availability?by=week", 400],
    ["GET", "/api/v1/availability?from=0", 400],
    ["GET", "/api/v1/outages?from=-1", 400],
    ["GET", "/../../../etc/passwd", 404],
    ["GET", "/%2e%2e/%2e%2e/etc/passwd", 404],
    ["GET", "//etc/passwd", 404],
    ["GET", "/\\\\etc/passwd", 404],
    ["GET", "//elsewhere/api/v1/session", 404],
    ["GET", "/page/index.html", 404],
  ] as const)("%s %s: %i", async (method, path, status) => {
    const reply = await ask(house, path, { method, headers: viewer.headers });
    expect([reply.status, typeof code(reply.json)]).toEqual([status, "string"]);
  });

  test("the whole address, as a proxy may send it, is the page's as well", async () => {
    const { status } = await ask(house, "http://127.0.0.1/", { headers: viewer.headers });
    expect(status).toBe(200);
  });

  test.each([
    "",
    "null",
    "[]",
    "{}",
    "x",
    '{"user":1,"password":2}',
    `{"user":"viewer","password":"${"x".repeat(300)}"}`,
  ])("a login with the body %j", async (body) => {
    const reply = await ask(house, "/api/v1/login", {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json" },
    });
    expect([reply.status, code(reply.json)]).toEqual([400, "bad-body"]);
  });

  test("a login by a form, as another site could send one", async () => {
    const headers = { "Content-Type": "text/plain" };
    const body = JSON.stringify({ user: "viewer", password: "correct horse battery" });
    expect((await ask(house, "/api/v1/login", { method: "POST", headers, body })).status).toBe(400);
  });

  test("a body without an end is not read to it", async () => {
    const headers = { "Content-Type": "application/json" };
    const reply = await ask(house, "/api/v1/login", { method: "POST", headers, body: "x".repeat(100_000) });
    expect([reply.status, code(reply.json)]).toEqual([413, "too-long"]);
    expect(reply.headers.connection).toBe("close");
  });
});

describe("the page", () => {
  test("is sent as it was built, for ever where its name changes with it", async () => {
    const page = await ask(house, "/");
    expect([page.status, page.headers["cache-control"], page.headers["content-type"]]).toEqual([
      200,
      "no-cache",
      "text/html; charset=utf-8",
    ]);
    expect((await ask(house, "/timeline")).text).toBe(page.text);
    const script = await ask(house, "/app-0a1B2c3D.js");
    expect(script.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(script.headers["content-encoding"]).toBeUndefined();
    const small = await ask(house, "/app-0a1B2c3D.js", { headers: { "Accept-Encoding": "gzip, br" } });
    expect([small.headers["content-encoding"], small.text]).toEqual(["br", "not really brotli"]);
    const known = await ask(house, "/", { headers: { "If-None-Match": String(page.headers.etag) } });
    expect([known.status, known.text]).toEqual([304, ""]);
  });
});

describe("what is sent", () => {
  const encoded = { "Accept-Encoding": "br, gzip;q=0.8" };

  test("documents go compressed to who takes that; what holds a token never does", async () => {
    const plain = await ask(house, "/api/v1/what-if", { headers: viewer.headers });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    const url = `http://127.0.0.1:${house.port}/api/v1/what-if`;
    const shrunk = await fetch(url, { headers: { ...viewer.headers, ...encoded } });
    expect(shrunk.headers.get("content-encoding")).toBe("gzip");
    expect(Number(shrunk.headers.get("content-length"))).toBeLessThan(plain.text.length / 4);
    expect(await shrunk.text()).toBe(plain.text);
    for (const refusing of ["", "br", "gzip;q=0"]) {
      const headers = { ...viewer.headers, "Accept-Encoding": refusing };
      expect((await ask(house, "/api/v1/what-if", { headers })).headers["content-encoding"]).toBeUndefined();
    }
    const session = await ask(house, "/api/v1/session", { headers: { ...viewer.headers, ...encoded } });
    expect(session.headers["content-encoding"]).toBeUndefined();
  });
});
