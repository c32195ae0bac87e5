/** Whether text can be the value of an attribute and be read as it is: one line, nothing at its ends that is cut off, no backslash
 *  (which becomes a blank). Source: process_interfaces() of networkinterfaces.py. */
export function isValue(text: string): boolean {
  return text !== "" && text.trim() === text && !/[\\\u2028\u2029\u0085]|(?!\t)\p{Cc}/u.test(text);
}

/** Whether Mako would run something in a text, were it a template. */
export function isCode(text: string): boolean {
  return /\$\{|<%|<\/%|(^|\n)[ \t]*%/.test(text);
}

/** Whether ifupdown2 would take the file for a template, and there is something to run in it. */
export function isTemplate(text: string): boolean {
  return text.includes("%") && isCode(text);
}
