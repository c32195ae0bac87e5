import { expect, it } from "vitest";
import { wantedBy } from "./orders.ts";
import { topicsOf } from "./topics.ts";

const topics = topicsOf({}, "nas");

it("an empty message is no order: by it a broker is told to forget one it keeps, and whoever listens hears it as a new one", () => {
  for (const topic of [topics.pin, topics.drill])
    for (const retain of [false, true])
      expect(wantedBy(topics, ["pin", "drill"], { topic, payload: new Uint8Array(), retain })).toBeUndefined();
});
