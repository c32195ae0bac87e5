import type { FileSet } from "../diagnostic/diagnostic.ts";
import { mask, maskText, redactor } from "../diagnostic/secrets.ts";
import type { Config } from "../model/config.ts";

/** Takes the secrets of a configuration out of any text: those its files spell out and those its model carries,
 *  wherever they turn up, and whatever looks like one. */
export function redaction(config: Config, files: FileSet): (text: string) => string {
  const fromFiles = redactor(files);
  const fromModel = config.interfaces
    .flatMap((each) =>
      each.wifi?.psk !== undefined && "inline" in each.wifi.psk ? [each.wifi.psk.inline.reveal()] : [],
    )
    .filter((secret) => secret.length >= 8)
    .sort((a, b) => b.length - a.length);
  return (text) => maskText(fromModel.reduce((each, secret) => each.replaceAll(secret, mask), fromFiles(text)));
}
