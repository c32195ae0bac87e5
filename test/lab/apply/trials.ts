import { hostKinds } from "./host-kinds.ts";
import { playScenes, realEngine } from "./remote.ts";

/** Trials of `apply` over a real ssh session, by hand: `node scripts/apply-trials.mjs [--virtual] [MANAGER] [SCENE…]`. With
 *  --virtual only waiting takes time: what is measured then is what every host would wait, and nothing of this machine. */
async function main(all: readonly string[]): Promise<void> {
  const words = all.filter((word) => word !== "--virtual");
  const kind = hostKinds.find((one) => one === words[0]);
  const names = kind === undefined ? words : words.slice(1);
  const engine = await realEngine(words.length < all.length ? "uml-tt" : "uml");
  if (typeof engine === "string") throw new Error(engine);
  await playScenes(engine, names, (said) => process.stdout.write(`${show(said)}\n`), 580_000, kind);
}

function show(said: Record<string, unknown>): string {
  return Object.entries(said)
    .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join("\n  ");
}

await main(process.argv.slice(2));
