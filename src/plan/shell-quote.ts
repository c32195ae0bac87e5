/** A word that every POSIX shell reads as exactly this text. A NUL can't be in a word, and ends it. */
export function shellQuote(text: string): string {
  const [word = ""] = text.split("\0");
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The same for people to read: bare where no shell takes any of it for something else. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : shellQuote(text);
}
