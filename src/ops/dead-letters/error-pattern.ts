const replacements: readonly [pattern: RegExp, by: string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/\d{4}-\d{2}-\d{2}T[\d:.]+Z?/g, '<time>'],
  [/"[^"]*"/g, '"…"'],
  [/'[^']*'/g, "'…'"],
  [/\b\d+(\.\d+)?\b/g, '<n>'],
]

/** An error message without what differs from letter to letter: ids, times, quoted text and numbers. */
export function errorPattern(message: string): string {
  return replacements.reduce((text, [pattern, by]) => text.replace(pattern, by), message).slice(0, 300)
}
