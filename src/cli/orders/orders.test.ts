import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Order } from "../../agent/agent.ts";
import { serveControl } from "../../agent/control.ts";
import type { StatusDocument, StatusPort } from "../../report/status-input.ts";
import { healthyStatus } from "../../report/testing/statuses.ts";
import { commands } from "../commands/registry.ts";
import { runProgram } from "../program.ts";
import { memoryCli } from "../testing/memory-cli.ts";

/** An agent's own socket; behind it a bond that obeys as the brain does: traffic goes where it is sent if that has carrier. */
async function agentWith(change: (status: StatusDocument) => StatusDocument = (status) => status) {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-orders-"));
  const socket = join(folder, "agent.sock");
  const orders: Order[] = [];
  let status = change(healthyStatus);
  const move = (to: string): void => {
    const bond = status.bond === null ? null : { ...status.bond, active: to };
    status = { ...status, bond, ports: status.ports.map((port) => ({ ...port, active: port.name === to })) };
  };
  const onPort = (name: string, more: Partial<StatusPort>): void => {
    status = { ...status, ports: status.ports.map((port) => (port.name === name ? { ...port, ...more } : port)) };
  };
  const served = await serveControl(socket, {
    status: () => status,
    store: { read: async () => ({ events: [], damage: [] }), follow: () => () => {} },
    metrics: () => "",
    order(order) {
      if ("port" in order && !status.ports.some(({ name }) => name === order.port))
        return `there is no port ${order.port}; ports are em1, wlan0`;
      orders.push(order);
      if (order.type === "pin") {
        status = { ...status, order: { pinned: order.port } };
        if (status.ports.find(({ name }) => name === order.port)?.carrier) move(order.port);
      } else if (order.type === "auto") status = { ...status, order: "auto" };
      else if (order.type === "drain" || order.type === "undrain") {
        onPort(order.port, { drained: order.type === "drain" });
        const other = status.ports.find(({ name, usable }) => name !== order.port && usable);
        if (order.type === "drain" && other !== undefined) move(other.name);
      }
      return undefined;
    },
  });
  if (!served.ok) throw new Error(served.error);
  onTestFinished(async () => {
    await served.value.close();
    rmSync(folder, { recursive: true });
  });
  const run = async (...words: readonly string[]) => {
    const cli = memoryCli();
    const exit = await runProgram(cli, commands, [...words, "--socket", socket]);
    return { exit, ...cli.printed() };
  };
  return { run, orders };
}

const dead = (status: StatusDocument): StatusDocument => ({
  ...status,
  ports: status.ports.map((port) =>
    port.name === "wlan0" ? { ...port, usable: false, note: "192.168.1.254 doesn't answer" } : port,
  ),
});

describe("an operator's orders", () => {
  test("pin moves the traffic, and status says that it is by order", async () => {
    const { run } = await agentWith();
    const pinned = await run("pin", "wlan0");
    expect(pinned).toMatchObject({ exit: "fine", stderr: "" });
    expect(pinned.stdout).toContain("wlan0 is pinned and carries the traffic");
    expect((await run("status")).stdout).toContain("by order     wlan0 is pinned; holdfast auto takes it back");
  });

  test("a port through which nothing gets is refused, with the reason; --force takes it, and warns", async () => {
    const { run, orders } = await agentWith(dead);
    const refused = await run("pin", "wlan0");
    expect(refused).toMatchObject({ exit: "refused", stdout: "" });
    expect(refused.stderr).toContain("wlan0 could carry no traffic now: 192.168.1.254 doesn't answer");
    expect(orders).toEqual([]);
    const forced = await run("pin", "wlan0", "--force");
    expect(forced).toMatchObject({ exit: "fine" });
    expect(forced.stdout).toContain("Nothing may get through: 192.168.1.254 doesn't answer");
  });

  test("a pinned port without carrier waits, and who carries meanwhile is said", { timeout: 20_000 }, async () => {
    const { run } = await agentWith((status) => ({
      ...status,
      ports: status.ports.map((port) =>
        port.name === "wlan0" ? { ...port, carrier: false, usable: false, note: "no carrier" } : port,
      ),
    }));
    const { exit, stdout } = await run("pin", "wlan0", "--force");
    expect(exit).toBe("findings");
    expect(stdout).toBe("wlan0 is pinned, but is not ready (no carrier). em1 carries the traffic until it is.\n");
  });

  test("drain takes the traffic off; auto takes every order back", async () => {
    const { run, orders } = await agentWith();
    expect((await run("drain", "em1")).stdout).toContain("em1 is drained: wlan0 carries the traffic, and em1 only if");
    expect((await run("status")).stdout).toContain("by order     em1 drained");
    await run("pin", "wlan0");
    const freed = await run("auto");
    expect(freed.stdout).toContain("Holdfast chooses the port again. wlan0 carries the traffic; it goes back to em1");
    expect(orders.slice(2)).toEqual([{ type: "undrain", port: "em1" }, { type: "auto" }]);
    expect((await run("status")).stdout).not.toContain("by order");
  });

  test("auto of one port leaves the orders of the others, and says which", async () => {
    const { run, orders } = await agentWith();
    await run("drain", "em1");
    await run("pin", "wlan0");
    expect((await run("auto", "em1")).stdout).toContain(
      "em1 may be chosen again. wlan0 carries the traffic. wlan0 stays",
    );
    expect(orders.at(-1)).toEqual({ type: "undrain", port: "em1" });
  });

  test("a drained port that is the last one keeps the traffic, and that is said", { timeout: 20_000 }, async () => {
    const { run } = await agentWith(dead);
    const { exit, stdout } = await run("drain", "em1");
    expect([exit, stdout]).toEqual(["findings", expect.stringContaining("it keeps the traffic until one does")]);
  });

  test("what is no port is refused with those that are", async () => {
    const { run } = await agentWith();
    expect(await run("pin", "eth9")).toMatchObject({ exit: "usage", stderr: expect.stringContaining("ports are em1") });
  });

  test("--json is one document", async () => {
    const { run } = await agentWith();
    const { stdout } = await run("pin", "wlan0", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      ordered: "pin",
      ports: ["wlan0"],
      status: { order: { pinned: "wlan0" } },
    });
  });

  test("without an agent it is said what the kernel can do alone", async () => {
    const cli = memoryCli();
    expect(await runProgram(cli, commands, ["pin", "wlan0", "--socket", "/nowhere/agent.sock"])).toBe("usage");
    expect(cli.printed().stderr).toContain("ip link set BOND type bond active_slave PORT");
  });
});
