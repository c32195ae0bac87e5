import { hostKinds } from "./host-kinds.ts";
import { playScenes, realEngine } from "./remote.ts";

/** Trials of `apply` over a real ssh session, by hand: `node scripts/apply-trials.mjs [MANAGER] [SCENE…]`. */
async function main(words: readonly string[]): Promise<void> {
  const kind = hostKinds.find((one) => one === words[0]);
  const names = kind === undefined ? words : words.slice(1);
  const engine = await realEngine();
  if (typeof engine === "string") throw new Error(engine);
  await playScenes(engine, names, (said) => process.stdout.write(`${show(said)}\n`), 580_000, kind);
}

function show(said: Record<string, unknown>): string {
  return Object.entries(said)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n  ");
}

await main(process.argv.slice(2));
