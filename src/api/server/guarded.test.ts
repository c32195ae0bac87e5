import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { DrillsDocument, RehearsalsDocument, SessionDocument } from "../dashboard.ts";
import { ask, type House, logIn, openHouse } from "../testing/house.ts";
import { digestOf, isPassword, nobodysDigest, parseUsers, renderUsers, withUser } from "./passwords.ts";
import { newSessions } from "./sessions.ts";
import { startDashboard } from "./start-dashboard.ts";
import { loginThrottle } from "./throttle.ts";

describe("guessing", () => {
  test("five tries from an address, then one every twenty seconds", () => {
    const throttle = loginThrottle();
    const tries = (at: number) =>
      Array.from({ length: 10 }, () => throttle.take("192.0.2.1", at)).filter((ms) => ms === 0);
    expect(tries(0)).toHaveLength(5);
    expect(throttle.take("192.0.2.1", 1_000)).toBe(19_000);
    expect(tries(20_000)).toHaveLength(1);
    expect(tries(3_600_000)).toHaveLength(5);
  });

  test("many addresses have no more tries than twenty together, but who logged in before isn't locked out by them", () => {
    const throttle = loginThrottle();
    throttle.take("192.0.2.200", 0);
    throttle.succeeded("192.0.2.200", 0);
    const guesses = Array.from({ length: 5_000 }, (_, n) => throttle.take(`198.51.${n >> 8}.${n & 255}`, 1));
    expect(guesses.filter((ms) => ms === 0)).toHaveLength(19);
    expect(throttle.take("192.0.2.200", 2)).toBe(0);
  });

  test("a whole IPv6 network of one customer counts as one", () => {
    const throttle = loginThrottle();
    const tries = Array.from({ length: 50 }, (_, n) => throttle.take(`2001:db8:1:2::${n.toString(16)}`, 0));
    expect(tries.filter((ms) => ms === 0)).toHaveLength(5);
    expect(throttle.take("2001:db8:1:3::1", 0)).toBe(0);
    expect(throttle.take("::ffff:192.0.2.1", 0)).toBe(throttle.take("192.0.2.2", 0));
  });

  test("a try with a wrong name takes as long as one with a wrong password, and says the same", async () => {
    const house = await openHouse();
    onTestFinished(() => house.close());
    const wrong = async (
      user: string,
    ): Promise<{ readonly text: string; readonly status: number; readonly cpu: number }> => {
      const before = process.cpuUsage();
      const headers = { "Content-Type": "application/json" };
      const body = JSON.stringify({ user, password: "wrong password" });
      const { text, status } = await ask(house, "/api/v1/login", { method: "POST", headers, body });
      const { user: spent } = process.cpuUsage(before);
      return { text, status, cpu: spent };
    };
    const [known, unknown] = [await wrong("viewer"), await wrong("nobody")];
    expect(unknown.text).toBe(known.text);
    expect(known.status).toBe(401);
    expect(unknown.cpu).toBeGreaterThan(known.cpu / 4);
    // On a slow machine a try or two may have been given back meanwhile.
    const late: number[] = [];
    while (late.length < 10 && late.at(-1) !== 429) late.push((await wrong("viewer")).status);
    expect(late.at(-1)).toBe(429);
    expect(house.lines.join("\n")).toContain("login refused from 127.0.0.1 for viewer");
    // A password typed into the wrong field must not stand in a log.
    expect(house.lines.join("\n")).not.toContain("nobody");
  }, 60_000);
});

describe("passwords", () => {
  test("are kept as digests that only the password opens", async () => {
    const digest = await digestOf("four wörds and more");
    expect(await isPassword("four wörds and more", digest)).toBe(true);
    expect(await isPassword("four wo\u0308rds and more", digest)).toBe(true);
    expect(await isPassword("four words and more", digest)).toBe(false);
    expect(await isPassword("", nobodysDigest)).toBe(false);
    for (const broken of ["", "scrypt$31$8$1$AAAAAAAAAAAAAAAAAAAAAA$A", "md5$x", digest.slice(0, -1)]) {
      expect(await isPassword("four wörds and more", broken)).toBe(false);
    }
  }, 60_000);

  test("a file's users are read as they were written; what is broken lets nobody in", () => {
    const eva = { name: "eva", role: "operator", digest: "scrypt$x" } as const;
    const users = withUser(withUser([], { ...eva, role: "viewer" }), eva);
    expect(parseUsers(renderUsers(users))).toEqual([eva]);
    expect(parseUsers("eva:root:scrypt$x\nEva:viewer:scrypt$x\n:viewer:scrypt$\neva:viewer:\n\0")).toEqual([]);
  });

  test("another password or role, or none, ends the sessions", async () => {
    const house = await openHouse();
    onTestFinished(() => house.close());
    const path = join(house.folder, "dashboard.passwords");
    const [viewer, operator] = [await logIn(house, "viewer"), await logIn(house, "operator")];
    const users = parseUsers(readFileSync(path, "utf8"));
    writeFileSync(path, renderUsers(users.filter(({ name }) => name === "operator")));
    house.dashboard.reload();
    const status = async (headers: Readonly<Record<string, string>>) =>
      (await ask(house, "/api/v1/status", { headers })).status;
    expect([await status(viewer.headers), await status(operator.headers)]).toEqual([401, 200]);
  }, 60_000);
});

test("a session ends when it isn't used, and at last even when it is; nobody fills the memory with them", () => {
  const hour = 3_600_000;
  const sessions = newSessions();
  const user = { name: "eva", role: "viewer", digest: "d" } as const;
  const { id } = sessions.begin(user, 0);
  expect(sessions.find(id, 11 * hour)).toBeDefined();
  expect(sessions.find(id, 22 * hour)).toBeDefined();
  expect(sessions.find(id, 35 * hour)).toBeUndefined();
  const used = sessions.begin(user, 0).id;
  for (let at = 0; at < 30 * 24 * hour; at += 6 * hour) expect(sessions.find(used, at)).toBeDefined();
  expect(sessions.find(used, 30 * 24 * hour)).toBeUndefined();
  const ids = Array.from({ length: 500 }, (_, n) => sessions.begin({ ...user, name: `user${n % 50}` }, 0).id);
  expect(ids.filter((one) => sessions.find(one, 1) !== undefined).length).toBe(200);
});

describe("beyond this host", () => {
  test("only with TLS: refused otherwise, and nobody listens", async () => {
    const places = { config: "/nonexistent/holdfast.yaml" } as never;
    const started = await startDashboard({ settings: { listen: "0.0.0.0:9438" }, places, version: "", log: () => {} });
    expect(started).toMatchObject({ ok: false, error: { message: "passwords would travel the network unencrypted" } });
  });

  test("with TLS the cookie is for https alone, and another certificate is shown without a restart", async (context) => {
    const made = (folder: string, name: string): void => {
      const files = ["-keyout", join(folder, "key.pem"), "-out", join(folder, "cert.pem")];
      const words = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
      const names = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"];
      execFileSync("openssl", ["req", ...words, ...files, ...names], { stdio: "ignore" });
    };
    let isMade = false;
    const house = await openHouse(
      { tls: { certificate: "cert.pem", key: "key.pem" } },
      () => {},
      (folder) => {
        try {
          made(folder, "first");
          isMade = true;
        } catch {
          // Without openssl there is no certificate to try.
        }
      },
    ).catch((problem: unknown) => (isMade ? Promise.reject(problem) : undefined));
    if (house === undefined) return context.skip("openssl is not installed");
    onTestFinished(() => house.close());
    const ca = () => readFileSync(join(house.folder, "cert.pem"));
    const operator = await logIn(house, "operator", { ca: ca() });
    expect(operator.cookie).toMatch(/^__Host-holdfast=/);
    const own = { ...operator.headers, Origin: `https://127.0.0.1:${house.port}` };
    expect((await ask(house, "/api/v1/auto", { method: "POST", headers: own, ca: ca() })).status).toBe(200);
    const clear = { ...operator.headers, Origin: `http://127.0.0.1:${house.port}` };
    expect((await ask(house, "/api/v1/auto", { method: "POST", headers: clear, ca: ca() })).status).toBe(403);
    await expect(ask(house, "/api/v1/session")).rejects.toThrow();
    made(house.folder, "second");
    await expect(ask(house, "/api/v1/session", { ca: ca() })).rejects.toThrow();
    house.dashboard.reload();
    expect((await ask(house, "/api/v1/session", { ca: ca() })).status).toBe(200);
  }, 60_000);
});

describe("slow and many clients", () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  }, 60_000);
  afterAll(() => house.close());

  test("who dribbles his headers is cut off, and others are served meanwhile", async () => {
    const sockets = Array.from({ length: 60 }, () => connect(house.port, "127.0.0.1"));
    const closed = sockets.map((socket) => new Promise((done) => socket.on("error", () => {}).once("close", done)));
    for (const socket of sockets) {
      socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ");
      socket.resume();
    }
    const dribble = setInterval(() => {
      for (const socket of sockets) if (socket.writable) socket.write("b");
    }, 200);
    expect((await ask(house, "/api/v1/session")).status).toBe(200);
    await Promise.all(closed);
    clearInterval(dribble);
  }, 60_000);

  test("one address has no more than 64 connections", async () => {
    const sockets = Array.from({ length: 100 }, () => connect(house.port, "127.0.0.1"));
    let open = sockets.length;
    const refused = new Promise<void>((done) => {
      for (const socket of sockets) {
        socket.on("error", () => {});
        socket.once("close", () => {
          open -= 1;
          if (open <= 64) done();
        });
      }
    });
    await refused;
    expect(open).toBe(64);
    for (const socket of sockets) socket.destroy();
  }, 60_000);

  test("headers without an end are refused", async () => {
    // Cut off in the midst of sending, a client may miss the answer.
    const asked = ask(house, "/", { headers: { "X-Long": "x".repeat(20_000) } });
    expect(
      await asked.then(
        ({ status }) => status,
        () => "cut off",
      ),
    ).toSatisfy((one) => one === 431 || one === "cut off");
    expect((await ask(house, "/")).status).toBe(200);
  });
});

describe("a drill", () => {
  test("can't be started where nothing may: the command to type is said, as sudo takes it there", async () => {
    const asRoot = "sudo /usr/local/bin/holdfast";
    const house = await openHouse({}, undefined, (folder) => {
      mkdirSync(join(folder, "etc"));
      writeFileSync(join(folder, "etc/os-release"), "ID=fedora\n");
    });
    onTestFinished(() => house.close());
    const { headers } = await logIn(house, "operator");
    const reply = await ask(house, "/api/v1/drill", { method: "POST", headers });
    expect(reply.status).toBe(409);
    expect(reply.json).toMatchObject({ code: "by-hand", message: expect.stringContaining(`${asRoot} drill`) });
    const { start } = (await ask(house, "/api/v1/drills", { headers })).json as DrillsDocument;
    expect(start).toMatchObject({ state: "by-hand", command: `${asRoot} drill` });
    const { command } = (await ask(house, "/api/v1/rehearsals", { headers })).json as RehearsalsDocument;
    expect(command).toBe(`${asRoot} rehearse ${house.folder}/holdfast.yaml`);
  }, 60_000);

  test("is asked for on the socket without a word; a refusal of its own is passed on", async () => {
    const house = await openHouse();
    onTestFinished(() => house.close());
    const { headers } = await logIn(house, "operator");
    let heard = "";
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("data", (piece) => {
        heard += String(piece);
      });
      socket.end("holdfast: no drill: redundancy isn't full\n  Mend wlan0.\n");
    });
    await new Promise<void>((done) => server.listen(house.drillSocket, done));
    onTestFinished(() => void server.close());
    const { start } = (await ask(house, "/api/v1/drills", { headers })).json as DrillsDocument;
    expect(start.state).toBe("ready");
    const reply = await ask(house, "/api/v1/drill", { method: "POST", headers });
    expect(reply.status).toBe(409);
    expect(reply.json).toMatchObject({
      code: "drill-refused",
      message: expect.stringContaining("redundancy isn't full"),
    });
    expect(heard).toBe("");
  }, 60_000);
});

test("no secret is in any answer: neither keys of the configuration nor passwords, digests, tokens or cookies of others", async () => {
  const house = await openHouse();
  onTestFinished(() => house.close());
  const [viewer, operator] = [await logIn(house, "viewer"), await logIn(house, "operator")];
  const names = [
    "session",
    "status",
    "events",
    "outages",
    "availability",
    "paths/history",
    "topology",
    "audit",
    "drills",
  ];
  const all = await Promise.all(
    [...names, "rehearsals", "what-if", "openapi.json", "nothing"].map((name) =>
      ask(house, `/api/v1/${name}`, { headers: viewer.headers }),
    ),
  );
  const texts = [...all.map(({ text, headers }) => `${text}${JSON.stringify(headers)}`), house.lines.join("\n")].join(
    "\n",
  );
  const { token } = operator.session as SessionDocument;
  const digests = parseUsers(readFileSync(join(house.folder, "dashboard.passwords"), "utf8")).map(
    ({ digest }) => digest,
  );
  const cookies = [viewer, operator].map(({ cookie }) => cookie.split("=")[1] ?? "");
  for (const secret of [
    "correct horse",
    "topic-nobody-may-know",
    "ntfy-token",
    "scrypt$",
    token ?? "",
    ...digests,
    ...cookies,
  ]) {
    expect(secret.length).toBeGreaterThan(5);
    expect(texts).not.toContain(secret);
  }
}, 60_000);
