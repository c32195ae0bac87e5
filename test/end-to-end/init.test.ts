import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DoctorDocument, InitDocument } from "../../src/api/types.ts";
import { root } from "../house/source.ts";
import { raspberryPi } from "./hosts/copied-host.ts";

const program = join(root, "bin/holdfast");
const script = spawnSync("script", ["--version"]).status === 0;

let cwd = "";
let child: ChildProcess | undefined;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "holdfast-init-"));
  raspberryPi(join(cwd, "pi"));
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(cwd, { recursive: true });
});

/** Talks to the program in a pseudo-terminal: each answer is typed when its question is there. */
async function talk(words: readonly string[], turns: readonly (readonly [question: string, answer: string])[]) {
  const line = ["stty cols 80 rows 50;", process.execPath, program, "init", "--root", "pi", ...words].join(" ");
  const process_ = spawn("script", ["-qfec", line, "/dev/null"], {
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1", TERM: "xterm" },
  });
  child = process_;
  let said = "";
  let seen = 0;
  const left = [...turns];
  process_.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    for (let next = left[0]; next !== undefined; next = left[0]) {
      const at = said.indexOf(next[0], seen);
      if (at === -1 || !said.slice(at).includes("> ")) return;
      seen = said.length;
      process_.stdin.write(next[1]);
      left.shift();
    }
  });
  const status = await new Promise<number | null>((done) => process_.on("close", done));
  return { said: said.replaceAll("\r", ""), status, left };
}

describe.skipIf(!script)("init at a terminal", () => {
  test("asks, explains, takes a slip of the finger, shows file and picture, and writes", async () => {
    const { said, status, left } = await talk(
      [],
      [
        ["Where does the cable in eth0 lead?", "3\n"],
        ["What radiates FRITZ!Box 7590", "7\n"],
        ["answer with one of 1 to 4", "\n"],
        ["Which address shall the host have?", "192.168.178.50/24\n"],
        ["write the router's address behind it", "192.168.178.50/24 192.168.178.1\n"],
        ["What hangs on a UPS?", "3\n"],
        ["Write this to holdfast.yaml?", "write\n"],
      ],
    );
    expect([said, left, status]).toEqual([said, [], 0]);
    expect(said).toContain("│ this host  ├─ eth0 ── powerline-a ~~ powerline-b ──┬─ router ── Internet");
    expect(said.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const text = readFileSync(join(cwd, "holdfast.yaml"), "utf8");
    expect(text).toContain('ssid: "FRITZ!Box 7590"');
    expect(text).toContain("gateway: [192.168.178.1]");
    // Neither in the file nor on the screen: a pass phrase that the host's own files hold.
    expect(said + text).not.toContain("topsecret");
  });

  test("Ctrl-C and Ctrl-D leave without a trace", async () => {
    const stopped = await talk([], [["Where does the cable", "\u0003"]]);
    expect(stopped.status).toBe(130);
    const ended = await talk([], [["Where does the cable", "\u0004"]]);
    expect([ended.said, ended.status]).toEqual([expect.stringContaining("nothing was written"), 2]);
    expect(() => readFileSync(join(cwd, "holdfast.yaml"))).toThrow();
  });

  test("a file that is there is kept to the letter where it speaks, and changed only after a yes", async () => {
    const own = "# mine\nbond:\n  ports: [eth0, wlan0]   # both\n  dhcp: true\n  fail_over_mac:   active\n";
    writeFileSync(join(cwd, "holdfast.yaml"), own);
    const turns = (last: string) =>
      [
        ["Where does the cable in eth0 lead?", "1\n"],
        ["What radiates", "1\n"],
        ["What hangs on a UPS?", "1\n"],
        ["Change holdfast.yaml so?", last],
      ] as const;
    const first = await talk([], turns("nothing\n"));
    expect([first.said, first.left]).toEqual([first.said, []]);
    expect(first.said).toContain("+topology:");
    expect(readFileSync(join(cwd, "holdfast.yaml"), "utf8")).toBe(own);
    await talk([], turns("write\n"));
    const text = readFileSync(join(cwd, "holdfast.yaml"), "utf8");
    // The one thing it didn't say: which network the radio joins.
    const wifi = '{name: wlan0, wifi: {ssid: "FRITZ!Box 7590", psk: {file: secrets/wlan0.psk}}}';
    expect(text.startsWith(own.replace("wlan0]", `${wifi}]`))).toBe(true);
    expect((await talk([], [])).said).toContain("holdfast.yaml says all of this already.");
  });
});

describe("init where nobody can be asked", () => {
  const run = (...words: readonly string[]) =>
    spawnSync(process.execPath, [program, "init", "--root", "pi", ...words], { cwd, encoding: "utf8" });

  test("says what it takes for granted, each with its flag, and writes", () => {
    const { stdout, status } = run("--address", "192.168.178.50/24", "--gateway", "192.168.178.1");
    expect([stdout, status]).toEqual([stdout, 0]);
    expect(stdout).toContain("eth0 leads straight to the router   --place eth0=");
    expect(stdout).toContain("wrote holdfast.yaml");
  });

  test("changes no file that is there without --yes", () => {
    run("--yes");
    const before = readFileSync(join(cwd, "holdfast.yaml"), "utf8");
    const refused = run("--primary", "wlan0");
    expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining("--yes")]);
    expect(readFileSync(join(cwd, "holdfast.yaml"), "utf8")).toBe(before);
    expect(run("--primary", "wlan0", "--yes").status).toBe(0);
    expect(readFileSync(join(cwd, "holdfast.yaml"), "utf8")).toBe(before.replace("primary: eth0", "primary: wlan0"));
  });

  test("names the flag for what can't be taken for granted, and what a flag has wrong", () => {
    rmSync(join(cwd, "pi/etc/NetworkManager"), { recursive: true });
    const { status, stderr } = run();
    expect([status, stderr]).toEqual([2, expect.stringContaining("--network wlan0=NAME")]);
    expect(run("--place", "eth0=moon").stderr).toContain("places are router, switch");
    expect(run("--place", "eth7=router", "--network", "wlan0=Home").stderr).toContain("eth7 is no port");
    expect(run("--address", "1.2.3.4").status).toBe(2);
  });

  test("--json is one document, and writes nothing with --print", () => {
    const { stdout, status } = run("--json", "--print");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ file: "holdfast.yaml", outcome: "kept" });
    expect(() => readFileSync(join(cwd, "holdfast.yaml"))).toThrow();
  });

  test("who wrote files that make no bond is told so before it is begun anew", () => {
    rmSync(join(cwd, "pi/etc/NetworkManager"), { recursive: true });
    rmSync(join(cwd, "pi/proc/80"), { recursive: true });
    mkdirSync(join(cwd, "pi/etc/network"), { recursive: true });
    const own =
      "auto eth0\niface eth0 inet manual\n  bond-master bond0\n\nauto bond0\niface bond0 inet static\n  address 192.168.1.5/24\n  bond-master bond0\n  bond-slaves eth0\n";
    writeFileSync(join(cwd, "pi/etc/network/interfaces"), own);
    const { stdout } = run(
      "--print",
      "--network",
      "wlan0=Home",
      "--address",
      "192.168.1.5/24",
      "--gateway",
      "192.168.1.1",
    );
    const said = stdout.replaceAll(/\s+/g, " ");
    expect(said).toContain("The files that are there have an error: bond0 names itself as bond-master");
    expect(said).toContain("holdfast check pi says where");
  });

  test("errors in the host's own files are in the document, cost no exit status, and give no pass phrase away", () => {
    mkdirSync(join(cwd, "pi/etc/network"), { recursive: true });
    const own = `auto bond0
iface bond0 inet dhcp
  bond-slaves eth0 wlan0
  bond-mode sesame-open-1

auto wlan0
iface wlan0 inet manual
  wpa-ssid Home
  wpa-psk sesame-open-1
`;
    rmSync(join(cwd, "pi/etc/NetworkManager"), { recursive: true });
    rmSync(join(cwd, "pi/proc/80"), { recursive: true });
    writeFileSync(join(cwd, "pi/etc/network/interfaces"), own);
    const json = run("--json", "--print", "--address", "192.168.1.5/24", "--gateway", "192.168.1.1");
    const { diagnostics } = JSON.parse(json.stdout) as InitDocument;
    const wrong = diagnostics.filter(({ file }) => file === "pi/etc/network/interfaces");
    expect(wrong.map(({ code, line }) => `${code} ${line}`)).toContain("mode-not-set 4");
    const text = run("--print", "--address", "192.168.1.5/24", "--gateway", "192.168.1.1");
    expect(text.stdout).toContain("The files that are there have an error");
    expect(json.stdout + text.stdout).not.toContain("sesame");
    expect([json.status, text.status]).toEqual([0, 0]);
  });

  test("a host with one port is told what it lacks", () => {
    rmSync(join(cwd, "pi/sys/class/net/wlan0"), { recursive: true });
    const { status, stderr } = run();
    expect([status, stderr]).toEqual([1, expect.stringContaining("one port, eth0")]);
  });
});

test("doctor looks at this very machine and says of everything that lacks what mends it", { timeout: 240_000 }, () => {
  const { stdout, status } = spawnSync(process.execPath, [program, "doctor", "--json"], { encoding: "utf8" });
  const { checks } = JSON.parse(stdout) as DoctorDocument;
  expect(checks.filter(({ state, hint }) => state !== "fine" && hint === undefined)).toEqual([]);
  expect(status).toBe(checks.some(({ state }) => state === "missing") ? 1 : 0);
  expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(["node", "engine-uml-tt", "bonding", "rights"]));
});
