import { describe, expect, it } from "vitest";
import { kernelArguments } from "./kernel-arguments.ts";

const engine = { name: "uml-tt", clock: "virtual", kernel: "6.1", image: "/linux" } as const;
const settings = { memoryMb: 256, maxBonds: 1, scratch: "/dev/shm" };

describe("kernelArguments", () => {
  it("skips idle time in virtual time only", () => {
    expect(kernelArguments(engine, settings)).toContain("time-travel=inf-cpu");
    expect(kernelArguments({ ...engine, clock: "real" }, settings).join(" ")).not.toContain("time-travel");
  });

  it("starts the init script, after everything that is the kernel's own", () => {
    expect(kernelArguments(engine, settings).slice(-3)).toEqual(["init=/bin/sh", "--", "/dev/shm/init"]);
    expect(kernelArguments(engine, settings)).toEqual(expect.arrayContaining(["mem=256M", "bonding.max_bonds=1"]));
  });

  it("gives two labs of one process two names", () => {
    const name = () => kernelArguments(engine, settings).find((word) => word.startsWith("umid="));
    expect(name()).not.toBe(name());
  });
});
