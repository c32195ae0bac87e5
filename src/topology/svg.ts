/** Text made safe for SVG and HTML, in content and in quoted attributes. Control characters, which XML forbids, become "�". */
export function escapeXml(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A number with at most one decimal, as SVG wants it. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Width of a text in a sans-serif face, px; a careful guess (rather too wide), since nothing here can measure glyphs. */
export function textWidth(text: string, fontPx: number): number {
  let em = 0;
  for (const char of text) {
    if (/[il.,:;'|!/ ]/.test(char)) em += 0.34;
    else if (/[mwMW@%]/.test(char)) em += 0.95;
    else if (/[A-Z]/.test(char)) em += 0.7;
    else em += char.charCodeAt(0) < 0x2e80 ? 0.62 : 1.05;
  }
  return em * fontPx;
}

/** The text, or as much of it as fits with "…" in its middle, so that both ends can still be told apart. */
export function fitText(text: string, widthPx: number, fontPx: number): string {
  if (textWidth(text, fontPx) <= widthPx) return text;
  const chars = [...text];
  for (let kept = chars.length - 1; kept > 1; kept--) {
    const head = Math.ceil(kept / 2);
    const short = `${chars.slice(0, head).join("")}…${chars.slice(chars.length - (kept - head)).join("")}`;
    if (textWidth(short, fontPx) <= widthPx) return short;
  }
  return "…";
}
