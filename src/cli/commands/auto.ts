import { command, jsonFlag, socketFlag } from "../command.ts";

export const auto = command({
  name: "auto",
  about: "Let Holdfast choose the port again: what pin and drain have ordered is taken back",
  operands: { count: "any", value: "PORT", about: "Only what was ordered of these ports" },
  flags: { socket: socketFlag, json: jsonFlag },
  examples: [
    { line: "holdfast auto", about: "No port is pinned, none is drained" },
    { line: "holdfast auto eth0", about: "Of eth0 alone" },
  ],
  async run(cli, { operands, flags }) {
    const { orderCommand } = await import("../orders/order-command.ts");
    const { agentPlaces } = await import("../../agent/places.ts");
    return orderCommand(cli, {
      socket: flags.socket ?? agentPlaces.socket,
      order: { order: "auto", ports: operands },
      risk: "heed",
      format: flags.json ? "json" : "text",
    });
  },
});
