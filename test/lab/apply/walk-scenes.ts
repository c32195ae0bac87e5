import { readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "./machine.ts";
import { radioKeys } from "./radio-world.ts";
import { isOver, lastEnd, type Scene, tokenIn, uptime, type World } from "./scene.ts";
import { loggedIn, type Terminal } from "./terminal-scenes.ts";

/** Answers whatever is asked with Enter, and counts. */
async function answerAll(one: Terminal): Promise<readonly string[]> {
  const asked: string[] = [];
  for (;;) {
    const next = new RegExp(`^${asked.length + 1}\\. (.*)`, "m");
    await one.shows(new RegExp(`${next.source}|^Next$|^holdfast: `, "m"), 60);
    const question = next.exec(one.screen())?.[1];
    if (question === undefined) return asked;
    asked.push(question);
    await sleep(500);
    one.type("");
    await sleep(500);
  }
}

/** What init makes of the bond that runs and of its files, with nothing else to go by. */
const fromScratch = "cd $(mktemp -d) && holdfast init --print --yes";

/** A bond with a joined radio: its network's name is known, its key is nobody's to see. */
async function asked({ network }: World): Promise<object> {
  const a = await loggedIn(network, "asked");
  a.type(`tput reset; ${fromScratch}; holdfast doctor --root /; echo "asked ended: $?"`);
  const screen = await a.shows(/^asked ended: \d/m, 180);
  return { screen, showsKey: screen.includes(radioKeys.Home) };
}

/** The whole way: a bare host of two ports, installed, asked, planned, changed, confirmed, watched. */
async function walk({ network, program, say }: World): Promise<object> {
  for (const left of [
    "/usr/bin/holdfast",
    "/usr/lib/holdfast",
    "/etc/holdfast",
    "/usr/lib/systemd/system/holdfast-recover.service",
  ])
    rmSync(left, { recursive: true, force: true });
  const screens: Record<string, string> = {};
  const took: Record<string, number> = {};
  const a = await loggedIn(network, "walk");
  const step = async (name: string, line: string, mark = "", seconds = 120): Promise<string> => {
    const began = uptime();
    a.type(`tput reset; ${line}; echo "${name} ended: $?"`);
    screens[name] = await a.shows(new RegExp(`^${name} ended: \\d+${mark}`, "m"), seconds);
    took[name] = uptime() - began;
    say(`${name} is done\n${screens[name]}`);
    return screens[name];
  };
  await step("install", `sh ${program}/scripts/install.sh`);
  await step("doctor", "holdfast doctor");
  a.type("tput reset; holdfast init");
  const asked = await answerAll(a);
  await sleep(1_000);
  screens["init"] = a.screen();
  const yaml = readFileSync(join(homedir(), "holdfast.yaml"), "utf8");
  await step("audit", "holdfast audit holdfast.yaml --host");
  await step("plan", "holdfast plan holdfast.yaml");
  const shown = await step("apply", "holdfast apply holdfast.yaml", "|Confirm it within", 240);
  const b = await loggedIn(network, "again");
  b.type(`holdfast confirm ${tokenIn(shown)}; echo "confirm ended: $?"`);
  screens["confirm"] = await b.shows(/^confirm ended: \d/m);
  await until("it is over", isOver, 60);
  screens["applied"] = await a.shows(/^apply ended: \d/m);
  const look = "cat /proc/net/bonding/bond0 | head -12; dmesg | grep bond0 | tail -25";
  await step("before", look);
  await step("agent", "install -m 640 holdfast.yaml /etc/holdfast/ && systemctl enable --now holdfast-agent");
  await sleep(5_000);
  await step("after", look);
  await step("status", "holdfast status");
  await step("why", "holdfast why; holdfast events; holdfast history");
  await step("check", "holdfast check --host");
  await step("again", fromScratch);
  return { asked, took, yaml, screens, end: lastEnd() };
}

export const walkScenes: Readonly<Record<string, Scene>> = { walk, asked };
