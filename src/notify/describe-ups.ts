import type { Kept, UpsSaid } from "../watch/chronicle.ts";
import type { Description } from "./message.ts";
import { listed, sentence, span } from "./words.ts";

/** What a UPS said; undefined for every other event. */
export function describeUps(event: Kept): Description | undefined {
  return event.what === "ups" ? ofUps(event) : undefined;
}

function ofUps(event: UpsSaid): Description {
  const { ups, change, ports, lastedMs, reason } = event;
  switch (change) {
    case "on-battery": {
      const dark = ports.length === 0 ? "" : ` ${listed(ports)} ${ports.length === 1 ? "hangs" : "hang"} on the mains.`;
      const text = `The mains failed: UPS ${ups} is on battery${stateOf(event)}.${dark}`;
      return { severity: "warning", weight: "warning", title: `the mains failed, UPS ${ups} is on battery`, text };
    }
    case "low-battery": {
      const text = `The battery of UPS ${ups} is nearly empty${stateOf(event)}. What hangs on it goes dark next.`;
      const todo = "Shut down in good order what must not lose its power.";
      return {
        severity: "critical",
        weight: "critical",
        title: `the battery of UPS ${ups} is nearly empty`,
        text,
        todo,
      };
    }
    case "back": {
      const title = `the mains are back${lastedMs === null ? "" : ` after ${span(lastedMs)}`}`;
      return { severity: "notice", weight: "warning", title, text: sentence(`${title}${stateOf(event)}`) };
    }
    case "silent": {
      const title = `UPS ${ups} doesn't answer`;
      const why = reason === "" ? "" : ` (${reason})`;
      const todo = `Ask it by hand (upsc), and look at upsd and its driver.`;
      return { severity: "warning", weight: "warning", title, text: `${sentence(`${title}${why}`)}`, todo };
    }
    case "answers": {
      const title = `UPS ${ups} answers again`;
      return { severity: "notice", weight: "warning", title, text: sentence(title) };
    }
  }
}

function stateOf({ chargePercent, runtimeMs }: UpsSaid): string {
  const parts = [
    ...(chargePercent === null ? [] : [`${chargePercent} % charged`]),
    ...(runtimeMs === null ? [] : [`about ${span(runtimeMs)} left`]),
  ];
  return parts.length === 0 ? "" : `, ${parts.join(", ")}`;
}
