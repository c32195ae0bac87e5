import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { kernelStatus } from "../../api/kernel-status.ts";
import { readBonds } from "../../host/linux/read-bonds.ts";
import { healthyStatus, troubledStatus } from "../../report/testing/statuses.ts";
import { openEvents, type StoredEvent } from "../../store/events.ts";
import type { Kept } from "../../watch/chronicle.ts";
import { commands } from "../commands/registry.ts";
import { runProgram } from "../program.ts";
import { type MemoryCli, memoryCli } from "../testing/memory-cli.ts";
import { readMoment } from "./local-calendar.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "holdfast-watch-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function run(words: readonly string[], changes: Partial<MemoryCli> = {}) {
  const cli = memoryCli(changes);
  const exit = await runProgram(cli, commands, words);
  return { exit, ...cli.printed() };
}

/** An agent's socket that answers with these documents. */
async function agentAt(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(folder(), "agent.sock");
  const server: Server = createServer((request, response) => {
    const document = answers[request.url?.split("?")[0] ?? ""];
    response.statusCode = document === undefined ? 404 : 200;
    response.end(JSON.stringify(document));
  });
  await new Promise<void>((done) => void server.listen(path, done));
  onTestFinished(() => void server.close());
  return path;
}

/** A journal with these events. */
async function journalOf(...events: readonly Kept[]): Promise<string> {
  const path = join(folder(), "events");
  const opened = await openEvents(path, { reserveBytes: 0 });
  if (!opened.ok) throw new Error(opened.error.message);
  for (const event of events) opened.value.append(event);
  await opened.value.close();
  return path;
}

const history: readonly Kept[] = [
  { what: "started", active: "eth0" },
  { what: "carrier", port: "eth0", up: false },
  {
    what: "moved",
    from: "eth0",
    to: "wlan0",
    cause: "carrier-lost",
    noticedAfterMs: 3,
    evidence: "eth0 has no carrier",
  },
];

describe("holdfast status", () => {
  it("shows what the agent says; the exit status tells a script whether all is well", async () => {
    const healthy = await run(["status", "--socket", await agentAt({ "/status": healthyStatus })]);
    expect(healthy).toMatchObject({
      exit: "fine",
      stderr: "",
      stdout: expect.stringContaining("✓ 2 of 2 ports usable"),
    });
    const troubled = await run(["status", "--socket", await agentAt({ "/status": troubledStatus })]);
    expect(troubled).toMatchObject({ exit: "findings", stdout: expect.stringContaining("! 1 of 3 ports usable") });
  });

  it("an Internet that is lost behind the only router is trouble too; one of which nothing is known isn't", async () => {
    const at = async (state: "lost" | "unknown" | "answers") => {
      const internet = { state, since: state === "unknown" ? null : healthyStatus.at, targets: ["9.9.9.9"] };
      return run(["status", "--socket", await agentAt({ "/status": { ...healthyStatus, internet } })]);
    };
    expect((await at("lost")).exit).toBe("findings");
    expect((await at("unknown")).exit).toBe("fine");
    expect((await at("answers")).exit).toBe("fine");
  });

  it("--json prints the agent's document as it is", async () => {
    const { stdout } = await run(["status", "--json", "--socket", await agentAt({ "/status": troubledStatus })]);
    expect(JSON.parse(stdout)).toEqual(troubledStatus);
  });

  it("an agent that answers nonsense is said, and the kernel is asked instead", async () => {
    const { stderr, stdout } = await run(["status", "--json", "--socket", await agentAt({})]);
    expect(stderr).toContain("the agent can't be asked: it answers 404");
    expect(JSON.parse(stdout)).toMatchObject({ source: "kernel" });
  });

  it("says which bond this host doesn't have", async () => {
    const { exit, stderr } = await run(["status", "--bond", "bond77", "--socket", "/nowhere"]);
    expect(exit).toBe("usage");
    expect(stderr).toContain('this host has no bond "bond77"');
  });

  it("--watch on what is no terminal, or a dumb one, prints one status below the other", async () => {
    const stop = new AbortController();
    let written = "";
    const write = (text: string) => {
      written += text;
      if (written.split("bond0").length > 2) stop.abort();
    };
    const stdout = { isTerminal: true, columns: 80, rows: 24, write };
    const socket = await agentAt({ "/status": healthyStatus });
    await run(["status", "--watch", "--socket", socket], { stdout, env: { TERM: "dumb" }, signal: stop.signal });
    expect(written).not.toContain("\u001b");
    expect(written.split("✓ 2 of 2 ports usable")).toHaveLength(3);
  });
});

describe("the kernel alone", () => {
  const proc = (active: string, state: string) => `Bonding Mode: fault-tolerance (active-backup)
Primary Slave: None
Currently Active Slave: ${active}
MII Status: up
MII Polling Interval (ms): 100

Slave Interface: eth0
MII Status: up
Speed: 1000 Mbps
Link Failure Count: 0

Slave Interface: wlan0
MII Status: ${state}
Link Failure Count: 4
`;

  function machine(bonds: Readonly<Record<string, string>>): string {
    const root = folder();
    mkdirSync(join(root, "proc/net/bonding"), { recursive: true });
    mkdirSync(join(root, "sys/class/net/wlan0/phy80211"), { recursive: true });
    for (const [name, text] of Object.entries(bonds)) writeFileSync(join(root, "proc/net/bonding", name), text);
    return root;
  }

  it("tells of ports, carriers and the active port", async () => {
    const bonds = await readBonds(machine({ bond0: proc("eth0", "down"), bond1: proc("None", "up") }));
    expect(kernelStatus(bonds, undefined, 5)).toMatchObject({
      source: "kernel",
      bond: { name: "bond0", mode: "active-backup", active: "eth0", miimon: 100 },
      ports: [
        { name: "eth0", medium: "wired", active: true, usable: true, speedMbps: 1000 },
        { name: "wlan0", medium: "radio", active: false, usable: false, note: "no carrier", failures: 4 },
      ],
      redundancy: { usable: 1, declared: 2, missing: ["wlan0"] },
      otherBonds: ["bond1"],
    });
    expect(kernelStatus(bonds, "bond1", 5)).toMatchObject({ bond: { name: "bond1", active: "" } });
    expect(kernelStatus(bonds, "bond2", 5)).toBeUndefined();
  });

  it("without the driver there is no bond", async () => {
    expect(kernelStatus(await readBonds(folder()), undefined, 5)).toMatchObject({ bond: null, ports: [] });
  });
});

describe("holdfast events", () => {
  it("reads the journal where no agent runs, oldest first, the latest when limited", async () => {
    const journal = await journalOf(...history);
    const all = await run(["events", "--journal", journal, "--json"]);
    const document = JSON.parse(all.stdout);
    expect(document.events.map(({ event }: StoredEvent) => event)).toEqual(history);
    expect(document.damaged).toBe(0);
    const last = await run(["events", "--journal", journal, "--limit", "1"]);
    expect(last.stdout).toMatch(/^\d{4}-\d\d-\d\d\n\d\d:\d\d:\d\d\.\d{3} {2}traffic moved from eth0 to wlan0/);
  });

  it("asks the agent first", async () => {
    const event: StoredEvent = { id: 9, at: 0, bootId: "", monotonicMs: 0, event: { what: "configured" } };
    const socket = await agentAt({ "/events": { events: [event], damaged: 0 } });
    const { stdout } = await run(["events", "--socket", socket, "--json"]);
    expect(JSON.parse(stdout).events).toEqual([event]);
  });

  it("--follow goes on with what is written meanwhile, each event once", async () => {
    const journal = join(folder(), "events");
    const opened = await openEvents(journal, { reserveBytes: 0, syncMs: 1 });
    if (!opened.ok) throw new Error(opened.error.message);
    onTestFinished(() => opened.value.close());
    const stop = new AbortController();
    const heard: Kept[] = [];
    const write = (text: string) => {
      for (const line of text.trimEnd().split("\n")) heard.push((JSON.parse(line) as StoredEvent).event);
      const next = history[heard.length];
      if (next === undefined) stop.abort();
      else opened.value.append(next);
    };
    opened.value.append(history[0] ?? { what: "configured" });
    const stdout = { isTerminal: false, columns: 80, write };
    await run(["events", "--journal", journal, "--follow", "--json"], { stdout, signal: stop.signal });
    expect(heard).toEqual(history);
  });

  it("--kernel-log reads a log of any driver version", async () => {
    const path = join(folder(), "kern.log");
    writeFileSync(
      path,
      "[    1.0] usb 1-1: new device\n[   12.5] bonding: bond0: link status definitely down for interface eth1, disabling it\n",
    );
    const { stdout, exit } = await run(["events", "--kernel-log", path]);
    expect(exit).toBe("fine");
    expect(stdout).toBe("seconds after boot\n      12.500  eth1 lost its carrier\n");
  });

  it.each([
    [["events", "--since", "soon"], "is no time"],
    [["events", "kern.log"], "Add --kernel-log"],
    [["events", "--kernel-log", "/no/such/log"], "ENOENT"],
  ])("%s is refused with a hint", async (words, hint) => {
    const { exit, stderr } = await run(words);
    expect(exit).toBe("usage");
    expect(stderr).toContain(hint);
  });
});

describe("holdfast why", () => {
  it("explains the latest trouble, for people and for programs", async () => {
    const journal = await journalOf(...history);
    const { stdout } = await run(["why", "--journal", journal]);
    expect(stdout).toContain("eth0 lost its carrier, and traffic moved to wlan0 3 ms later.");
    expect(stdout).toContain("Check the cable of eth0");
    const document = JSON.parse((await run(["why", "--journal", journal, "--json"])).stdout);
    expect(document).toMatchObject({ incident: { port: "eth0", cause: "carrier-lost" } });
  });

  it("has an answer for an empty history", async () => {
    const { stdout, exit } = await run(["why", "--journal", join(folder(), "none")]);
    expect(exit).toBe("fine");
    expect(stdout).toContain("The history is empty");
  });
});

describe("a time the user types", () => {
  const now = new Date(2025, 10, 3, 14, 30).getTime();
  it.each<readonly [string, number | undefined]>([
    ["2h", now - 7_200_000],
    ["90 min", now - 5_400_000],
    ["3d", now - 259_200_000],
    ["today", new Date(2025, 10, 3).getTime()],
    ["yesterday", new Date(2025, 10, 2).getTime()],
    ["9:05", new Date(2025, 10, 3, 9, 5).getTime()],
    ["14:29:30", new Date(2025, 10, 3, 14, 29, 30).getTime()],
    ["2025-11-01", new Date(2025, 10, 1).getTime()],
    ["2025-11-01 08:15", new Date(2025, 10, 1, 8, 15).getTime()],
    ["2025-11-01T08:15:00Z", Date.UTC(2025, 10, 1, 8, 15)],
    ["2025-13-01", undefined],
    ["5 fortnights", undefined],
    ["", undefined],
  ])("%s", (text, at) => {
    expect(readMoment(text, now)).toBe(at);
  });
});
