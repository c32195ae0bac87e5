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

const { signal } = new AbortController();

test("an agent hears of a drill's end also where it was stopped, refused or broken off; a verdict follows by itself", async () => {
  const [whole, half, broken] = [listener(), listener(), listener()];
  expect(
    await withAgentTold(
      whole.agent,
      { cuts: 2, signal },
      async () => "through",
      () => true,
    ),
  ).toBe("through");
  expect(
    await withAgentTold(
      half.agent,
      { cuts: 2, signal },
      async () => "refused",
      () => false,
    ),
  ).toBe("refused");
  const fails = (): Promise<string> => Promise.reject(new Error("lost"));
  await expect(withAgentTold(broken.agent, { cuts: 2, signal }, fails, () => true)).rejects.toThrow("lost");
  expect(whole.heard).toEqual(["begins 2"]);
  expect([half.heard, broken.heard]).toEqual(Array(2).fill(["begins 2", "stopped"]));
});

test("of a drill that is stopped before it cuts anything an agent hears nothing", async () => {
  const { heard, agent } = listener();
  const never = (): boolean => false;
  const stopped = { cuts: 2, signal: AbortSignal.abort() };
  expect(await withAgentTold(agent, stopped, async () => "stopped", never)).toBe("stopped");
  expect(heard).toEqual([]);
});
