import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { root } from "../house/source.ts";
import { openScreen, openStand, type Screen, type Stand } from "./live-stand.ts";

const tmux = spawnSync("tmux", ["-V"]).status === 0;

let stand: Stand;
let screen: Screen;
beforeEach(async () => {
  stand = await openStand();
});
afterEach(async () => {
  screen.close();
  await stand.close();
});

/** The view in a terminal of that size, drawn once. */
async function watch(columns: number, rows: number, env: Readonly<Record<string, string>> = {}): Promise<string> {
  stand.happen({ what: "started", active: "em1" });
  screen = openScreen(columns, rows, env);
  screen.type(
    `${process.execPath} ${join(root, "bin/holdfast")} status --watch --socket ${stand.socket}; echo "left"" with $?"`,
    "Enter",
  );
  return screen.until((text) => text.includes("what happened") && text.includes("█"));
}

/** What a file holds, once the text is among it. */
function wholeOf(path: string, text: string): string | undefined {
  const whole = readFileSync(path, { encoding: "utf8", flag: "a+" });
  return whole.includes(text) ? whole : undefined;
}

/** Modes of the terminal: cooked and echoing as a shell wants it, the cursor to be seen, the ordinary screen. */
function modes(): string {
  return screen.ask("#{alternate_on} #{cursor_flag}");
}

describe.skipIf(!tmux)(
  `status --watch in a terminal${tmux ? "" : " (skipped: there is no tmux)"}`,
  { timeout: 120_000 },
  () => {
    test("shows the bond, what happens while it does, and obeys keys; q leaves the terminal as it was", async () => {
      const first = await watch(80, 24);
      expect(first).toContain("bond0  ✓ 2 of 2 ports usable  em1 carries traffic");
      expect(first).toContain("? help · q quit");
      expect(modes()).toBe("1 0");

      stand.happen({ what: "carrier", port: "em1", up: false });
      await screen.until((text) => text.includes("em1 lost its carrier\n"));

      screen.type("p");
      await screen.until((text) => text.includes("1 em1 · 2 wlan0"));
      screen.type("2");
      await screen.until((text) => text.includes("wlan0 is pinned and carries the traffic"));
      screen.type("d");
      await screen.until((text) => text.includes("Take the traffic off which port?"));
      screen.type("1");
      await screen.until((text) => text.includes("em1 drained"));
      screen.type("a");
      await screen.until((text) => text.includes("Holdfast chooses the port again") && !text.includes("by order"));
      expect(stand.orders.map((order) => order.type)).toEqual(["pin", "drain", "undrain", "auto"]);

      screen.type("D");
      await screen.until((text) => text.includes("y/N"));
      screen.type("n");
      await screen.until((text) => text.includes("Nothing was done."));
      screen.type("D");
      await screen.until((text) => text.includes("y/N"));
      screen.type("y");
      // It is another agent's view: the ports of this very machine are none of its business.
      await screen.until((text) => text.includes("another agent's view"));

      screen.type("q");
      await screen.until((text) => text.includes("left with 0"));
      expect(modes()).toBe("0 1");
    });

    test("follows the size of the terminal, down to 40 columns, and keeps to it", async () => {
      await watch(100, 30);
      screen.resize(40, 24);
      const narrow = await screen.until((text) => text.includes("em1→192.168.1.254"));
      expect(narrow).toContain("2 of 2 ports usable");
      expect(narrow).toContain("? help");
      screen.resize(80, 10);
      const low = await screen.until((text) => text.includes("em1 → 192.168.1.254"));
      expect(low.trimEnd().split("\n")).toHaveLength(10);
    });

    test("draws what changed and nothing else, and wipes the screen once at most", async () => {
      await watch(80, 24);
      const path = join(stand.folder, "written");
      screen.keep(path);
      screen.type("x");
      stand.say((status) => ({ ...status, redundancy: { usable: 1, declared: 2, missing: ["wlan0"] } }));
      await screen.until((text) => text.includes("1 of 2 ports usable"));
      const written = await vi.waitUntil(() => wholeOf(path, "1 of 2 ports usable"), { timeout: 30_000 });
      expect(written).not.toContain("\u001b[2J");
      expect(written).not.toContain("192.168.1.105/24");
    });

    test("an agent that is gone is said, and that nobody takes orders", async () => {
      await watch(80, 24);
      await stand.close();
      await screen.until((text) => text.includes("none answers") || text.includes("This host has no bond"));
      screen.type("p");
      await screen.until((text) => text.includes("systemctl start holdfast-agent"));
    });

    test.each(["INT", "TERM", "HUP", "crash"])("is left in order by %s", async (how) => {
      const crash = join(stand.folder, "crash.cjs");
      writeFileSync(crash, 'process.on("SIGUSR2", () => { throw new Error("for once"); });\n');
      await watch(80, 24, { NODE_OPTIONS: `--require=${crash}` });
      const shell = screen.ask("#{pane_pid}");
      const pid = Number(readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").split(" ")[0]);
      if (how === "INT") screen.type("C-c");
      else process.kill(pid, how === "crash" ? "SIGUSR2" : `SIG${how}`);
      const left = await screen.until((text) => text.includes("left with"));
      expect(left).toContain(
        { INT: "left with 130", TERM: "left with 143", HUP: "left with 129", crash: "for once" }[how],
      );
      expect(modes()).toBe("0 1");
      screen.type("stty -a", "Enter");
      const settings = await screen.until((text) => text.includes("icanon"));
      expect(settings).toMatch(/(?<!-)icanon[\s\S]*(?<!-)echo /);
    });

    test("Ctrl-Z gives the shell back, and fg the view", async () => {
      await watch(80, 24);
      screen.type("C-z");
      await screen.until((text) => text.includes("Stopped"));
      expect(modes()).toBe("0 1");
      screen.type("fg", "Enter");
      await screen.until((text) => text.includes("2 of 2 ports usable"));
      expect(modes()).toBe("1 0");
      screen.type("q");
      await screen.until(() => modes() === "0 1");
      // Nothing of the view on the shell's own screen.
      expect(screen.look()).not.toContain("192.168.1.254");
    });

    test("has no colours where NO_COLOR is set", async () => {
      await watch(80, 24, { NO_COLOR: "1" });
      expect(screen.ask("#{pane_width}")).toBe("80");
      expect(screen.colours()).toBe(false);
    });
  },
);
