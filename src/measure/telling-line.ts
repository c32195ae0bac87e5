const complaint =
  /\b(missing|fail\w*|errors?|cannot|can't|could not|no such|not found|unknown|invalid|denied|refused|unable)\b/i;

/** The line of what a program printed that says most about why something didn't work: its first complaint, else its first line.
 *  Empty where nothing was printed. */
export function tellingLine(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  return lines.find((line) => complaint.test(line)) ?? lines.find((line) => line !== "") ?? "";
}
