import { readCommands, type ShellWord } from "../../syntax/shell-words.ts";

/** The words behind `ip link set` in a script where more follows: names of interfaces that are said without `dev`. */
export function namesSet(path: string, text: string): readonly ShellWord[] {
  return readCommands(path, text).flatMap(({ words }) => {
    const ipAt = words.findIndex((word) => /(^|\/)ip$/.test(word.text));
    const said = ipAt === -1 ? [] : words.slice(ipAt + 1).filter((word) => !word.text.startsWith("-"));
    const [object, verb, name, next] = said;
    const isSet = /^l(i(nk?)?)?$/.test(object?.text ?? "") && /^s(et?)?$/.test(verb?.text ?? "");
    return isSet && name !== undefined && name.text !== "" && next !== undefined ? [name] : [];
  });
}
