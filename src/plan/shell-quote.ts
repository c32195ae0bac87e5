/** A word that every POSIX shell reads as exactly this text. A NUL can't be in a word, and ends it. */
export function shellQuote(text: string): string {
  const [word = ""] = text.split("\0");
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
