/** On one line, and without what would steer the terminal: whoever produced a record has no say there. */
export function plainLine(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ')
}

/** The same for a text of several lines. */
export function plainText(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, ' ')
}
