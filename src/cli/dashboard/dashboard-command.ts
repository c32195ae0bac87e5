import { basename, dirname, join, resolve } from "node:path";
import { agentPlaces } from "../../agent/places.ts";
import type { Role } from "../../api/dashboard.ts";
import { digestOf, longestPassword, shortestPassword, userPattern, withUser } from "../../api/server/passwords.ts";
import { type Dashboard, startDashboard } from "../../api/server/start-dashboard.ts";
import { hostTree } from "../../host/linux/observe/tree.ts";
import { underSudo } from "../../host/linux/observe/under-sudo.ts";
import { readConfig } from "../../host/linux/read-config.ts";
import { drillSocket } from "../../host/linux/request-drill.ts";
import { standBack } from "../../host/linux/stand-back.ts";
import type { Config } from "../../model/config.ts";
import { dashboardListen } from "../../model/dashboard.ts";
import { explainConfig } from "../agent/explain-config.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { askPassword, type PasswordSource } from "./ask-password.ts";
import { keepUsers } from "./keep-users.ts";

export interface DashboardWish {
  readonly config: string;
  readonly state: string;
  readonly run: string;
}

/** `holdfast dashboard`: serves until the signal comes. */
export async function dashboardCommand(cli: Cli, wish: DashboardWish): Promise<Exit> {
  standBack();
  const path = resolve(cli.cwd, wish.config);
  const config = await readConfig(path);
  if (!config.ok) return explainConfig(cli, wish.config);
  const settings = config.value.sections?.dashboard;
  if (settings === undefined) {
    const hint = `Add dashboard: {listen: ${dashboardListen}} to it.`;
    return sayUsage(cli, `${wish.config} doesn't want a dashboard`, hint);
  }
  const [state, run] = [resolve(cli.cwd, wish.state), resolve(cli.cwd, wish.run)];
  const log = (line: string): void => cli.stderr.write(`${line}\n`);
  const started = await startDashboard({
    settings,
    version: cli.version,
    log,
    places: {
      config: path,
      socket: join(run, basename(agentPlaces.socket)),
      events: join(state, basename(agentPlaces.events)),
      spool: run,
      drills: join(state, "drills"),
      rehearsals: [join(state, "rehearsals")],
      drillSocket,
      hardware: "/",
      asRoot: await underSudo(hostTree("/")),
      page: join(cli.home, "dist/web"),
      openApi: join(cli.home, "docs/openapi.json"),
    },
  });
  if (!started.ok) return sayUsage(cli, started.error.message, started.error.hint);
  const { scheme, port } = started.value;
  log(`the dashboard is at ${scheme}://${(settings.listen ?? dashboardListen).replace(/:\d+$/, "")}:${port}/`);
  await untilStopped(cli, started.value);
  return "fine";
}

function untilStopped(cli: Cli, dashboard: Dashboard): Promise<void> {
  const onReload = (): void => dashboard.reload();
  process.on("SIGHUP", onReload);
  return new Promise((done, broken) => {
    const stop = (): void => {
      process.off("SIGHUP", onReload);
      dashboard.stop().then(done, broken);
    };
    if (cli.signal.aborted) stop();
    else cli.signal.addEventListener("abort", stop, { once: true });
  });
}

export interface PasswordWish {
  readonly config: string;
  readonly name: string;
  readonly role: Role;
}

/** `holdfast dashboard --password NAME`: asks, and keeps the digest. */
export async function passwordCommand(
  cli: Cli,
  { config, name, role }: PasswordWish,
  source: PasswordSource = process.stdin,
): Promise<Exit> {
  if (!userPattern.test(name)) {
    return sayUsage(cli, `"${name}" can't be a name`, "Small letters and digits, beginning with a letter: eva.");
  }
  const say = (text: string): void => cli.stderr.write(text);
  const password = await askPassword(source, say, `Password for ${name}: `);
  if (password === undefined) return sayUsage(cli, "no password was given", "Nothing is changed.");
  if (password.length < shortestPassword || password.length > longestPassword || password === name) {
    return sayUsage(cli, "that is no password", `Take ${shortestPassword} letters or more; four words are good.`);
  }
  if (source.isTTY === true && (await askPassword(source, say, "The same again: ")) !== password) {
    return sayUsage(cli, "the two were not the same", "Nothing is changed. Try again.");
  }
  const digest = await digestOf(password);
  const path = await passwordsPath(cli, config);
  const kept = await keepUsers(path, (users) => withUser(users, { name, role, digest }));
  if (!kept.ok) return sayUnkept(cli, path, kept.error);
  cli.stdout.write(`${name} may log in as ${role}: ${path}\n`);
  return "fine";
}

/** `holdfast dashboard --forget NAME` */
export async function forgetCommand(cli: Cli, wish: { readonly config: string; readonly name: string }): Promise<Exit> {
  const path = await passwordsPath(cli, wish.config);
  let wasThere = false;
  const kept = await keepUsers(path, (users) => {
    wasThere = users.some(({ name }) => name === wish.name);
    return users.filter(({ name }) => name !== wish.name);
  });
  if (!kept.ok) return sayUnkept(cli, path, kept.error);
  cli.stdout.write(wasThere ? `${wish.name} may log in no more\n` : `there was no ${wish.name}\n`);
  return "fine";
}

/** Where the configuration wants them; a configuration that can't be read wants them where they usually are. */
async function passwordsPath(cli: Cli, config: string): Promise<string> {
  const path = resolve(cli.cwd, config);
  const read = await readConfig(path);
  const said: Config | undefined = read.ok ? read.value : undefined;
  return resolve(dirname(path), said?.sections?.dashboard?.passwords ?? "dashboard.passwords");
}

function sayUnkept(cli: Cli, path: string, why: string): Exit {
  const hint = why === "changed" ? "Somebody else changed it just now: try again." : "Run it as root.";
  return sayUsage(cli, `${path} can't be written: ${why}`, hint);
}
