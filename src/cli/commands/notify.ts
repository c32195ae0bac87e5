import { command, jsonFlag, sayUsage } from "../command.ts";

export const notify = command({
  name: "notify",
  about: "Try whether messages arrive: send a test message by every declared way",
  operands: { count: "none", value: "", about: "" },
  flags: {
    test: { kind: "switch", about: "Send one message to everybody, and say what came of each" },
    config: { kind: "text", value: "FILE", about: "The holdfast.yaml, if not /etc/holdfast/holdfast.yaml" },
    json: jsonFlag,
  },
  examples: [{ line: "holdfast notify --test", about: "Exit status 0 if everybody took it, 1 otherwise" }],
  async run(cli, { flags }) {
    if (!flags.test)
      return sayUsage(cli, "nothing to do", "Say holdfast notify --test: it sends a message to everybody.");
    const { testNotify } = await import("../agent/test-notify.ts");
    const format = flags.json ? "json" : "text";
    return testNotify(cli, { config: flags.config ?? "/etc/holdfast/holdfast.yaml", format });
  },
});
