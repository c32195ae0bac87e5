import { parseDuration } from "../../config/duration.ts";
import {
  type Answers,
  isIpv4,
  isNetworkName,
  noAnswers,
  type Place,
  readAddress,
  readPlace,
  readSecondRouter,
} from "../../init/answers.ts";
import { failed, ok, type Result } from "../../model/result.ts";

/** Answers as they stand on the command line. */
export interface AnswerFlags {
  readonly ports: readonly string[];
  readonly primary?: string | undefined;
  readonly place: readonly string[];
  readonly network: readonly string[];
  readonly address?: string | undefined;
  readonly gateway?: string | undefined;
  readonly dns: readonly string[];
  readonly "second-router"?: string | undefined;
  readonly ups: readonly string[];
  readonly "ups-runtime"?: string | undefined;
}

/** Reads them; fails with what is wrong with the first that is. */
export function readFlags(flags: AnswerFlags): Result<Answers, string> {
  const places = collect(flags.place, readPlace);
  const networks = collect(flags.network, readNetwork);
  const address = flags.address === undefined ? undefined : readAddress(flags.address);
  const second = flags["second-router"] === undefined ? undefined : readSecondRouter(flags["second-router"]);
  for (const read of [places, networks, address, second]) if (read?.ok === false) return read;
  const wrong = [...(flags.gateway === undefined ? [] : [flags.gateway]), ...flags.dns].find((one) => !isIpv4(one));
  if (wrong !== undefined) return failed(`"${wrong}" is no IPv4 address`);
  const runtime = flags["ups-runtime"];
  const upsRuntimeMs = runtime === undefined ? undefined : parseDuration(runtime);
  if (runtime !== undefined && upsRuntimeMs === undefined) return failed(`"${runtime}" is no time such as 40m`);
  const ups = flags.ups.flatMap((word) => word.split(",")).filter((word) => word !== "none");
  return ok({
    ...noAnswers,
    places: new Map(places.ok ? places.value : []) as ReadonlyMap<string, Place>,
    networks: new Map(networks.ok ? networks.value : []),
    ...(flags.ports.length === 0 ? {} : { ports: flags.ports.flatMap((word) => word.split(",")) }),
    ...(flags.primary === undefined ? {} : { primary: flags.primary }),
    ...(address?.ok === true ? { address: address.value } : {}),
    ...(flags.gateway === undefined ? {} : { gateway: flags.gateway }),
    ...(flags.dns.length === 0 ? {} : { dns: flags.dns }),
    ...(second?.ok === true ? { second: second.value } : {}),
    ...(flags.ups.length === 0 ? {} : { ups }),
    ...(upsRuntimeMs === undefined ? {} : { upsRuntimeMs }),
  });
}

function collect<T>(words: readonly string[], read: (word: string) => Result<T, string>): Result<readonly T[], string> {
  const found: T[] = [];
  for (const word of words) {
    const one = read(word);
    if (!one.ok) return one;
    found.push(one.value);
  }
  return ok(found);
}

/** "wlan0=Home": what stands before the first sign of equality is the port. */
function readNetwork(text: string): Result<readonly [string, string], string> {
  const at = text.indexOf("=");
  const name = text.slice(at + 1);
  return at > 0 && isNetworkName(name) ? ok([text.slice(0, at), name]) : failed(`"${text}" is no PORT=NAME`);
}
