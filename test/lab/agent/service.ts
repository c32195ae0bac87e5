import { setTimeout as sleep } from "node:timers/promises";
import { newOperator, operate } from "../../../src/lab/guest/operate.ts";
import { answering, ask, keptEvents, must, rssKb, type Scene, startCommand } from "./bench.ts";

/** The command itself: its socket, its orders, a kill at a bad moment, and a clean end. */
export async function service({ host, job, network }: Scene): Promise<object> {
  const start = () => startCommand(job.cli);
  const first = start();
  await answering();
  await sleep(8_000);
  const healthy = JSON.parse((await ask("/status")).body) as object;
  const heldKb = rssKb(first.pid);
  const metrics = (await ask("/metrics")).body;
  const wrong = await ask("/pin?port=eth9", "POST");
  await ask("/pin?port=em2", "POST");
  await sleep(500);
  const pinned = JSON.parse((await ask("/status")).body) as { readonly bond: { readonly active: string } };
  await ask("/auto", "POST");
  // Killed at the very moment of a fault: the kernel alone must see to it, and nothing written may be lost.
  const operator = newOperator(network);
  operate(operator, { op: "wire-down", wire: "em2-switch-b" });
  await sleep(3);
  first.kill("SIGKILL");
  await sleep(500);
  const kernelActive = must(host.net.links()).find(({ name }) => name === "bond0")?.bond?.activePort;
  const em1 = must(host.net.links()).find(({ name }) => name === "em1")?.index;
  operate(operator, { op: "wire-up", wire: "em2-switch-b" });
  const second = start();
  await sleep(9_000);
  const events = await keptEvents();
  second.kill("SIGTERM");
  await sleep(2_000);
  const primary = must(host.net.links()).find(({ name }) => name === "bond0")?.bond?.primary;
  second.kill("SIGKILL");
  return {
    healthy,
    rssKb: heldKb,
    hasMetrics: metrics.includes("holdfast_path_up"),
    wrong: wrong.status,
    pinned: pinned.bond.active,
    survived: kernelActive === em1,
    ids: events.map(({ id }) => id),
    events: events.map(({ event }) => event.what),
    primaryRestored: primary === em1,
  };
}
