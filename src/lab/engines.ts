import { failed, ok, type Result } from "../model/result.ts";
import { unpackKernel } from "./kernel-image.ts";
import type { Engine, EngineName, LabError } from "./lab.ts";

const ours = "6.1.192-holdfastlab (Debian linux-source-6.1 6.1.192-2, built by make lab-kernel)";

/** The engine to use: the named one, or the best this machine has. */
export async function chooseEngine(name?: EngineName): Promise<Result<Engine, LabError>> {
  if (name === "qemu") {
    return failed({ code: "no-kernel", message: "the qemu engine isn't built yet", hint: "Use --engine uml-tt." });
  }
  return ok({
    name: name ?? "uml-tt",
    clock: name === "uml" ? "real" : "virtual",
    kernel: ours,
    image: unpackKernel(),
  });
}
