import { command, jsonFlag, socketFlag } from "../command.ts";

export const drain = command({
  name: "drain",
  about: "Take the traffic off this port, and use it only if nothing else works, until holdfast auto",
  operands: { count: "one", value: "PORT", about: "A port of the bond" },
  flags: { socket: socketFlag, json: jsonFlag },
  examples: [
    {
      line: "holdfast drain eth0",
      about: "Before its cable is pulled: nothing is lost. holdfast auto eth0 afterwards",
    },
  ],
  async run(cli, { operands: [port = ""], flags }) {
    const { orderCommand } = await import("../orders/order-command.ts");
    const { agentPlaces } = await import("../../agent/places.ts");
    return orderCommand(cli, {
      socket: flags.socket ?? agentPlaces.socket,
      order: { order: "drain", port },
      risk: "heed",
      format: flags.json ? "json" : "text",
    });
  },
});
