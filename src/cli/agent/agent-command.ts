import { mkdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { agentPlaces } from "../../agent/places.ts";
import { type Service, startService } from "../../agent/service.ts";
import { readConfig } from "../../host/linux/read-config.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { explainConfig } from "./explain-config.ts";

export interface AgentWish {
  readonly config: string;
  readonly state: string;
  readonly run: string;
}

/** `holdfast agent`: runs until the signal comes. */
export async function agentCommand(cli: Cli, wish: AgentWish): Promise<Exit> {
  const path = resolve(cli.cwd, wish.config);
  const config = await readConfig(path);
  if (!config.ok) return explainConfig(cli, wish.config);
  const run = resolve(cli.cwd, wish.run);
  const state = resolve(cli.cwd, wish.state);
  const log = (line: string): void => cli.stderr.write(`${line}\n`);
  await mkdir(run, { recursive: true, mode: 0o750 }).catch(() => log(`${run} can't be made`));
  const service = await startService({
    config: config.value,
    places: {
      events: join(state, basename(agentPlaces.events)),
      spool: run,
      socket: join(run, basename(agentPlaces.socket)),
      telling: join(state, "telling"),
      configuration: dirname(path),
      courier: join(cli.home, "dist/mail.js"),
    },
    version: cli.version,
    env: cli.env,
    log,
  });
  if (!service.ok) return sayUsage(cli, service.error.message, service.error.hint);
  log(`holdfast ${cli.version} watches ${config.value.bonds[0]?.name ?? ""}`);
  await untilStopped(cli, service.value, { path, log });
  return "fine";
}

function untilStopped(
  cli: Cli,
  service: Service,
  { path, log }: { readonly path: string; readonly log: (line: string) => void },
): Promise<void> {
  const onReload = (): void => {
    reload(service, path, log).catch((problem: unknown) => log(`reload failed: ${String(problem)}`));
  };
  process.on("SIGHUP", onReload);
  return new Promise((done, broken) => {
    const stop = (): void => {
      process.off("SIGHUP", onReload);
      service.stop().then(done, broken);
    };
    if (cli.signal.aborted) stop();
    else cli.signal.addEventListener("abort", stop, { once: true });
  });
}

async function reload(service: Service, path: string, log: (line: string) => void): Promise<void> {
  const config = await readConfig(path);
  const problem = config.ok ? await service.reload(config.value) : config.error;
  log(problem === undefined ? `${path} was read again` : `${path} was read again and changes nothing: ${problem}`);
}
