import type { Command } from "../command.ts";
import { explain } from "./explain.ts";

/** Every command, in the order the help shows them. The house test holds it equal to this folder. */
export const commands: readonly Command[] = [explain];
