import type { FileSet } from "../diagnostic/diagnostic.ts";
import type { Bond } from "../model/bond.ts";
import type { Config, Hook, Interface } from "../model/config.ts";
import type { Dialect, Loss, Rendered } from "./dialect.ts";

/** Power saving of radios that are ports, in languages that have nothing for it but commands and units. */

/** The `up` command that keeps a radio awake; without iw, or where its driver knows no sleep, nothing comes of it. */
export const awakeCommand = "iw dev $IFACE set power_save off || true";

/** The line of a supplicant's unit by which it waits until its radio is in its bond, half a minute at most: the kernel takes no link into a
 *  bond that is up, and the supplicant sets its radio up. */
export function waitForBond(name: string): string {
  return `ExecStartPre=-/usr/bin/timeout 30 /bin/sh -c 'until [ -e /sys/class/net/${name}/master ]; do sleep 0.1; done'`;
}

/** What a supplicant's unit says of a radio: it waits for the radio's bond, and has it stay awake. */
export function radioUnitText(name: string, head = ""): string {
  const service = ["[Service]", waitForBond(name), `ExecStartPost=-/sbin/iw dev ${name} set power_save off`, ""];
  return `${head}${service.join("\n")}`;
}

/** Whether an interface is a radio that a bond has. */
export function isRadioPort({ name, wifi }: Interface, bonds: readonly Bond[]): boolean {
  return wifi !== undefined && bonds.some(({ ports }) => ports.includes(name));
}

/** Whether that command is written for an interface: not where somebody's own command says something of power saving. */
export function isKeptAwake(iface: Interface, bonds: readonly Bond[]): boolean {
  return isRadioPort(iface, bonds) && !iface.hooks.some((hook) => saysOfSleep(hook.command) && !isOurs(hook));
}

function isOurs({ when, command, family }: Hook): boolean {
  return when === "up" && command === awakeCommand && family === undefined;
}

/** The loss of what was said of a radio's power saving, where the written files switch it off; undefined: it was off before. */
export function powerSavingWeighed({ bonds, interfaces }: Config, files: FileSet, loss: Loss): Loss | undefined {
  const iface = interfaces.find(({ name }) => loss.about === `interface/${name}/extra`);
  if (iface === undefined || !isRadioPort(iface, bonds)) return loss;
  // What follows for a radio that nothing keeps awake is `sleepLosses`'s to say.
  if (loss.message.includes('"wifi.powersave" is left out: ')) return speaksOfSleep(files) ? loss : undefined;
  if (!loss.message.includes('"wireless-power" is left out: ')) return loss;
  const isSaid = [...files.values()].some((text) => /power_save off|^wifi\.powersave=2$/m.test(text));
  if (!isSaid) return loss;
  if (iface.extra.some(({ key, value }) => key === "wireless-power" && value.trim() === "off")) return undefined;
  const message = `${iface.name}: "wireless-power" is left out: power saving is switched off, as for every radio of a bond`;
  return { ...loss, message };
}

/** Bonds' radios that the written files leave to their drivers: their languages have neither a word nor a command for it. */
export function sleepLosses(
  { name }: Pick<Dialect, "name">,
  back: Config,
  { files, losses }: Rendered,
): readonly Loss[] {
  if (speaksOfSleep(files)) return [];
  const told = new Set(losses.filter(({ message }) => message.includes("power saving")).map(({ about }) => about));
  return back.interfaces
    .filter((iface) => isRadioPort(iface, back.bonds) && !told.has(`interface/${iface.name}/extra`))
    .map((iface) => ({
      code: `${name}-cannot-say`,
      severity: "advice",
      message: `${iface.name}: its power saving is left to its driver, which mostly has it on: answers through it may be slow`,
      hint: `Have something switch it off at every start: iw dev ${iface.name} set power_save off.`,
      about: `interface/${iface.name}/wifi`,
    }));
}

function speaksOfSleep(files: FileSet): boolean {
  return [...files.values()].some((text) => /powersave|wireless-power/.test(text) || saysOfSleep(text));
}

/** Whether a command, or a file's, is about a radio's power saving. */
function saysOfSleep(text: string): boolean {
  if (text.includes("power_save")) return true;
  if (!text.includes("iwconfig")) return false;
  return text.split("\n").some((line) => /\bpower\b/.test(line.slice(line.search(/\biwconfig\b/) + 1 || line.length)));
}

/** What was read, without that command at the radios it is written for: it says nothing the model has a word for. */
export function withoutAwake(config: Config): Config {
  const isConcerned = (iface: Interface) => isKeptAwake(iface, config.bonds) && iface.hooks.some(isOurs);
  if (!config.interfaces.some(isConcerned)) return config;
  return {
    ...config,
    interfaces: config.interfaces.map((iface) => {
      if (!isConcerned(iface)) return iface;
      const at = iface.hooks.findLastIndex(isOurs);
      return { ...iface, hooks: iface.hooks.filter((_, index) => index !== at) };
    }),
  };
}
