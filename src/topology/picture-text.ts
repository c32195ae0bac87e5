import type { Config } from "../model/config.ts";
import type { PictureOptions } from "./picture.ts";

/** The declared topology for a terminal, at most 100 columns wide, lines parted by "\n". */
export function pictureText(_config: Config, _options: PictureOptions = {}): string {
  return "";
}
