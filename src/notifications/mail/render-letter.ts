import { cleanLetter } from './clean-letter.ts'
import type { Letter } from './letter.ts'
import { renderHtml } from './render-html.ts'
import { renderText } from './render-text.ts'

/** A letter as it is sent. */
export interface RenderedLetter {
  readonly subject: string
  readonly html: string
  readonly text: string
}

export function renderLetter(letter: Letter): RenderedLetter {
  const clean = cleanLetter(letter)
  return { subject: clean.subject, html: renderHtml(clean), text: renderText(clean) }
}
