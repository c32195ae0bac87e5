import { command, jsonFlag, socketFlag } from "../command.ts";

export const pin = command({
  name: "pin",
  about: "Send the traffic through this port and keep it there, until holdfast auto",
  operands: {
    count: "one",
    value: "PORT",
    about: "A port of the bond; it keeps the traffic as long as it has carrier",
  },
  flags: {
    force: { kind: "switch", about: "Also where nothing gets through it now" },
    socket: socketFlag,
    json: jsonFlag,
  },
  examples: [
    { line: "holdfast pin wlan0", about: "Before work on the cable of the other. Gone when the agent is started anew" },
  ],
  async run(cli, { operands: [port = ""], flags }) {
    const { orderCommand } = await import("../orders/order-command.ts");
    const { agentPlaces } = await import("../../agent/places.ts");
    return orderCommand(cli, {
      socket: flags.socket ?? agentPlaces.socket,
      order: { order: "pin", port },
      risk: flags.force ? "take" : "heed",
      format: flags.json ? "json" : "text",
    });
  },
});
