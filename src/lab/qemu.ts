import { existsSync } from "node:fs";
import { join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import { noKernel } from "./kernel-image.ts";
import type { Engine, LabError } from "./lab.ts";
import { isLayerThere, packageLayer } from "./packages.ts";
import { prepareStockKernel } from "./stock-kernel.ts";

/** What the engine is made of, by Debian package; what this machine has of it is used as it is. */
const qemuPackages: readonly string[] = ["busybox-static", "kmod", "linux-image-amd64", "qemu-system-x86"];

const fetching = "A rehearsal that needs it fetches it (85 MB, once): --engine qemu.";

/** Debian's own kernel in QEMU, whose clock counts instructions. "fetch": packages, 85 MB, once; "look": only if they are there. */
export async function qemuEngine(how: "fetch" | "look" = "fetch"): Promise<Result<Engine, LabError>> {
  if (how === "look" && !isLayerThere(qemuPackages)) return failed(noKernel("it isn't in the cache yet", fetching));
  const layer = await packageLayer(qemuPackages);
  if (!layer.ok) return layer;
  const roots = layer.value === "" ? ["/"] : [layer.value, "/"];
  const program = roots.map((root) => join(root, "usr/bin/qemu-system-x86_64")).find((path) => existsSync(path));
  if (program === undefined) return failed(noKernel("qemu-system-x86_64 is missing", "Install qemu-system-x86."));
  const kernel = await prepareStockKernel(roots, layer.value);
  if (!kernel.ok) return kernel;
  const { release, image, initrd, modules } = kernel.value;
  return ok({
    name: "qemu",
    clock: "virtual",
    kernel: `${release} (Debian's own, in QEMU without KVM)`,
    image,
    modules,
    radios: true,
    qemu: { program, initrd, layer: layer.value },
  });
}

/** The command that starts the guest. `scratch` as in kernelArguments; `layer`: the guest's packages, "" for none. */
export function qemuCommand(
  engine: Engine & { readonly qemu: NonNullable<Engine["qemu"]> },
  settings: { readonly memoryMb: number; readonly maxBonds: number; readonly scratch: string; readonly layer: string },
): readonly string[] {
  const { program, initrd, layer } = engine.qemu;
  const shares = { root: "/", layer: settings.layer, modules: engine.modules ?? "" };
  const kernel = [
    "console=ttyS0 quiet panic=-1 mitigations=off nokaslr random.trust_cpu=on tsc=reliable nohz=off",
    // What costs processor time and tells nothing: whether ciphers work, how fast the clocks are. To wait busily for a tenth of a
    // second takes QEMU seven of its own, so the timer is one whose speed is known (HPET).
    "cryptomgr.notests noapictimer no_timer_check noreplace-smp",
    `lab_init=${settings.scratch}/init max_bonds=${settings.maxBonds}`,
  ];
  const firmware = ["usr/share/qemu", "usr/share/seabios", "usr/lib/ipxe/qemu"].flatMap((path) => [
    "-L",
    join(layer || "/", path),
  ]);
  return [
    ...["env", `LD_LIBRARY_PATH=${layer === "" ? "" : join(layer, "usr/lib/x86_64-linux-gnu")}`, program],
    ...firmware,
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    // One instruction is one nanosecond; where nothing is to be done the clock leaps.
    ...["-accel", "tcg,thread=single,tb-size=256", "-icount", "shift=0,sleep=off"],
    ...["-M", "pc,usb=off,hpet=on,vmport=off", "-cpu", "max", "-m", String(2 * settings.memoryMb)],
    ...["-kernel", engine.image, "-initrd", initrd, "-append", kernel.join(" ")],
    ...["-chardev", "stdio,id=log,signal=off", "-serial", "chardev:log"],
    ...["-add-fd", "fd=3,set=1", "-chardev", "file,id=channel,path=/dev/fdset/1"],
    ...["-device", "virtio-serial-pci", "-device", "virtserialport,chardev=channel,name=lab"],
    ...Object.entries(shares).flatMap(([tag, path]) =>
      path === ""
        ? []
        : [
            "-virtfs",
            `local,path=${path.replaceAll(",", ",,")},mount_tag=${tag},security_model=none,readonly=on,multidevs=remap`,
          ],
    ),
  ];
}
