import { describe, expect, test } from "vitest";
import { troubleIn } from "./radio-trouble.ts";

const point = "02:e4:42:48:52:fe";
const asked = [`wlan0: authenticate with ${point}`, `wlan0: send auth to ${point} (try 1/3)`];
const denied = `wlan0: ${point} denied authentication (status 1)`;

describe("why a radio hasn't joined", () => {
  test.each([
    ["nothing it could ask", ["wlan1: authenticate with 02:00:00:00:00:01"], "not-found"],
    ["turned away at the door", [...asked, denied, ...asked, denied], "refused"],
    ["SAE: let into the second round, and failed there", [...asked, ...asked, denied], "wrong-key"],
    [
      "WPA2: thrown out when the handshake came to nothing",
      [...asked, "wlan0: associated", `wlan0: deauthenticated from ${point} (Reason: 15=4WAY_HANDSHAKE_TIMEOUT)`],
      "wrong-key",
    ],
    ["turned away after it", [...asked, `wlan0: ${point} denied association (code=31)`], "refused"],
    ["nobody answers", [...asked, `wlan0: authentication with ${point} timed out`], "no-answer"],
    ["thrown out for another reason", [...asked, `wlan0: deauthenticated from ${point} (Reason: 3=X)`], "not-found"],
  ])("%s", (_, lines, trouble) => {
    expect(troubleIn(lines, "wlan0")).toBe(trouble);
  });
});
