/** Cuts a stream of text into lines and hands over each that is JSON, parsed; anything else goes to `onOther`, as it came. */
export function jsonLines(
  onMessage: (message: unknown) => void,
  onOther: (line: string) => void,
): (chunk: string) => void {
  const parts: string[] = [];
  return (chunk) => {
    const lines = chunk.split("\n");
    parts.push(lines[0] ?? "");
    for (const next of lines.slice(1)) {
      const line = parts.join("").replace(/(?<!\r)\r+$/, "");
      parts.length = 0;
      parts.push(next);
      if (line === "") continue;
      const message = parseLine(line);
      if (message === undefined) onOther(line);
      else onMessage(message);
    }
  };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
