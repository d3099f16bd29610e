const controls = /[\p{Cc}\p{Zl}\p{Zp}]/gu
const controlsButLineBreaks = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/gu
// They turn around the text that follows them: "moc.live" would read "evil.com". Unicode, UAX #9.
const bidiControls = /[\u202a-\u202e\u2066-\u2069]/gu

/** What a stranger wrote, as one line for a subject or a heading: no line break, no control character. */
export function oneLine(text: string, maxLength: number): string {
  const visible = text.toWellFormed().replace(bidiControls, '').replace(controls, ' ')
  return shorten(visible.replace(/\s+/gu, ' ').trim(), maxLength)
}

/** What a stranger wrote, with its line breaks. */
export function manyLines(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  const visible = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(bidiControls, '')
    .replace(controlsButLineBreaks, ' ')
  return shorten(visible.replace(/\n{3,}/g, '\n\n').trim(), maxLength)
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const longestGrapheme = 50

/** Never cuts through what a reader sees as one character. */
function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  let kept = ''
  for (const { segment } of graphemes.segment(text.slice(0, maxLength + longestGrapheme))) {
    if (kept.length + segment.length >= maxLength) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}
