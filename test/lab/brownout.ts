import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Where Debian and others have NUT's own programs; undefined where they aren't. What is in PATH is a script that asks /etc/nut first. */
export const nut = ["/lib/nut", "/usr/lib/nut", "/usr/libexec/nut", "/usr/lib/ups"].find(
  (directory) => existsSync(join(directory, "upsd")) && existsSync(join(directory, "dummy-ups")),
);

const home = "/run/nut-brownout";

/** Inside a lab: a real upsd, and a UPS that is what `playUps` says. */
export function startUps(directory: string, port: number): void {
  mkdirSync(home, { recursive: true });
  const keep = (name: string, text: string) => writeFileSync(join(home, name), text, { mode: 0o640 });
  keep("ups.conf", "pollinterval = 1\n[apc]\ndriver = dummy-ups\nport = apc.dev\nmode = dummy-once\n");
  keep("upsd.conf", `LISTEN 127.0.0.1 ${port}\n`);
  keep("upsd.users", "");
  playUps("OL", 100, 2400);
  const env = { PATH: "/usr/bin:/bin", NUT_CONFPATH: home, NUT_STATEPATH: home, NUT_ALTPIDPATH: home };
  for (const [name, ...words] of [["dummy-ups", "-a", "apc"], ["upsd"]] as const) {
    const log = openSync(join(home, `${name}.log`), "w");
    spawn(join(directory, name), [...words, "-D", "-u", "root"], { env, stdio: ["ignore", log, log] });
  }
}

/** What the UPS says from now on; the driver looks at its file again every second. */
export function playUps(status: "OL" | "OB DISCHRG" | "OL CHRG", charge: number, runtime: number): void {
  const volts = status.startsWith("OL") ? 230 : 60;
  const said = { "ups.status": status, "battery.charge": charge, "battery.runtime": runtime, "input.voltage": volts };
  writeFileSync(
    join(home, "apc.dev"),
    Object.entries(said)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(""),
  );
}

/** What a command of ours prints, inside a lab. Node can't end by itself where virtual time stands still (docs/decisions/0018): it is
 *  killed when it has said everything. */
export async function printed(node: readonly string[], cli: string, ...words: readonly string[]): Promise<string> {
  writeFileSync("/run/ending.cjs", 'process.on("exit", () => process.kill(process.pid, "SIGKILL"));\n');
  const [program = "", ...args] = node;
  const child = spawn(program, [...args, "--require", "/run/ending.cjs", cli, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
  const done = new Promise((resolve) => child.on("close", resolve));
  while ((await Promise.race([done.then(() => "done"), sleep(100)])) !== "done");
  return text;
}
