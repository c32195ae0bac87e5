import { expect, test } from "vitest";
import { type ToldOfDrills, withAgentTold } from "./tell-agent.ts";

/** An agent that writes down what it hears. */
function listener() {
  const heard: string[] = [];
  const agent: ToldOfDrills = {
    begins: async (cuts) => heard.push(`begins ${cuts}`) > 0,
    stopped: async () => heard.push("stopped") > 0,
  };
  return { heard, agent };
}

test("an agent hears of a drill's end also where it was stopped, refused or broken off; a verdict follows by itself", async () => {
  const [whole, half, broken] = [listener(), listener(), listener()];
  expect(
    await withAgentTold(
      whole.agent,
      2,
      async () => "through",
      () => true,
    ),
  ).toBe("through");
  expect(
    await withAgentTold(
      half.agent,
      2,
      async () => "refused",
      () => false,
    ),
  ).toBe("refused");
  const fails = (): Promise<string> => Promise.reject(new Error("lost"));
  await expect(withAgentTold(broken.agent, 2, fails, () => true)).rejects.toThrow("lost");
  expect(whole.heard).toEqual(["begins 2"]);
  expect([half.heard, broken.heard]).toEqual(Array(2).fill(["begins 2", "stopped"]));
});
