import type { Kept } from "../watch/chronicle.ts";
import { describeHost } from "./describe-host.ts";
import { describeTraffic } from "./describe-traffic.ts";
import type { Description } from "./message.ts";
import { oneLine } from "./words.ts";

/** An event in words: what happened, how much it matters, what to do. Total; unknown events of a newer history too. */
export function describe(event: Kept): Description {
  const said = describeTraffic(event) ?? describeHost(event) ?? unknown(event);
  return {
    ...said,
    title: oneLine(said.title, 160),
    text: oneLine(said.text, 400),
    ...(said.todo === undefined ? {} : { todo: oneLine(said.todo, 300) }),
  };
}

function unknown(event: Kept): Description {
  return {
    severity: "notice",
    weight: "all",
    title: String(event.what),
    text: `The history holds an event this version has no words for: ${String(event.what)}.`,
  };
}
