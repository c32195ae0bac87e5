import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { mailDelivery } from "../../src/agent/telling/mail.ts";
import { bundleCourier } from "../../src/agent/telling/testing/telling-bench.ts";
import { packageLayer } from "../../src/lab/packages.ts";
import type { Message } from "../../src/notify/message.ts";
import { root } from "../house/source.ts";

// A mail server others have written (Debian's aiosmtpd), with STARTTLS by a certificate of an authority of one's own.
const scratch = mkdtempSync(join(tmpdir(), "holdfast-mail-"));
const library = await findLibrary();
const pair = ownCertificate();
const reason = pair === undefined ? "openssl is not installed" : library === undefined ? "aiosmtpd can't be had" : "";
let server: ChildProcess | undefined;
let courier = "";
let port = 0;

async function findLibrary(): Promise<string | undefined> {
  const works = (path: string): boolean =>
    spawnSync("python3", ["-c", "import aiosmtpd"], { env: { ...process.env, PYTHONPATH: path } }).status === 0;
  if (works("")) return "";
  const layer = await packageLayer(["python3-aiosmtpd"]);
  const path = layer.ok ? join(layer.value, "usr/lib/python3/dist-packages") : "";
  return works(path) ? path : undefined;
}

function ownCertificate(): string | undefined {
  const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=t -keyout - -out -";
  try {
    const args = [...words.split(" "), "-addext", "subjectAltName=IP:127.0.0.1"];
    const made = execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const [key = "", cert = ""] = made.split(/(?=-----BEGIN CERTIFICATE)/);
    writeFileSync(join(scratch, "key.pem"), key, { mode: 0o600 });
    writeFileSync(join(scratch, "ca.pem"), cert);
    return cert;
  } catch {
    return undefined;
  }
}

/** A port nobody listens on. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function listens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, "127.0.0.1");
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on("connect", end(true)).on("error", end(false));
  });
}

const message: Message = {
  id: "nas.1-2.x",
  host: "nas",
  severity: "warning",
  title: "nas: redundancy is lost, küchenseitig",
  text: "1 of 2 ports can carry traffic.",
  todo: "Repair em1 before the next fault comes.",
  lines: ["12:00:00  redundancy is lost"],
  events: [],
  count: 2,
  missed: 0,
  from: 0,
  at: 0,
};

describe.skipIf(reason !== "")(`mail, to a server of others${reason === "" ? "" : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    mkdirSync(join(root, ".cache"), { recursive: true });
    courier = await bundleCourier(scratch);
    port = await freePort();
    const args = ["-u", "-m", "aiosmtpd", "-n", "-l", `127.0.0.1:${port}`];
    const tls = ["--tlscert", join(scratch, "ca.pem"), "--tlskey", join(scratch, "key.pem")];
    const log = spawn("sh", ["-c", 'exec "$@" > "$0" 2>&1', join(scratch, "mails"), "python3", ...args, ...tls], {
      env: { ...process.env, ...(library === "" ? {} : { PYTHONPATH: library ?? "" }) },
      cwd: dirname(scratch),
    });
    server = log;
    await vi.waitFor(async () => expect(await listens()).toBe(true), { timeout: 20_000, interval: 100 });
  }, 40_000);

  afterAll(() => {
    server?.kill("SIGKILL");
    rmSync(scratch, { recursive: true, force: true });
  });

  const settings = { to: ["admin@example.org"], server: "127.0.0.1", security: "starttls", ca: "ca.pem" } as const;
  const deliver = (change: object) =>
    mailDelivery({ ...settings, port, ...change }, scratch, "nas", courier)(message, new AbortController().signal);

  it("is taken after STARTTLS, and reads as it was written", async () => {
    expect(await deliver({})).toEqual({ ok: true, value: {} });
    const mails = () => readFileSync(join(scratch, "mails"), "utf8");
    await expect.poll(mails).toContain("END MESSAGE");
    expect(mails()).toContain("Message-ID: <nas.1-2.x@nas>");
    expect(mails()).toContain("1 of 2 ports can carry traffic.");
    expect(mails()).toContain("Repair em1 before the next fault comes.");
  });

  it("is not handed to a server whose certificate can't be checked", async () => {
    const { ca: _ca, ...rest } = settings;
    const refused = await mailDelivery(
      { ...rest, port },
      scratch,
      "nas",
      courier,
    )(message, new AbortController().signal);
    expect(refused).toMatchObject({ ok: false, error: { reason: expect.stringMatching(/self.signed/i) } });
  });
});
