import { ink, layout } from './layout.ts'
import type { Block, Change, ChangedValue, Letter, ReviewCard } from './letter.ts'
import { html, lines, type Markup } from './markup.ts'
import { outOfFive, starsOf } from './stars.ts'

/** The letter as one HTML document that needs nothing from the network. */
export function renderHtml(letter: Letter): string {
  return layout(letter, letter.blocks.map(renderBlock)).source
}

function renderBlock(block: Block): Markup {
  switch (block.kind) {
    case 'paragraph':
      return html`<p class="ink" dir="auto" style="margin:0 0 20px;color:${ink.text}">${lines(block.text)}</p>`
    case 'review':
      return renderReview(block.review)
    case 'changes':
      return html`${block.changes.map(renderChange)}`
    case 'note':
      return html`<p class="soft" style="${label}">${block.label}</p>${quote(html`<p class="ink" dir="auto" style="margin:0;color:${ink.text}">${lines(block.text)}</p>`)}`
  }
}

const label = `margin:0 0 6px;font-size:13px;line-height:18px;font-weight:600;color:${ink.soft}`

function renderReview({ entityType, entityId, rating, title, content }: ReviewCard): Markup {
  return quote(html`
    <p class="soft" style="margin:0;font-size:13px;line-height:18px;color:${ink.soft}">
      <bdi>${entityType}</bdi> · <bdi>${entityId}</bdi></p>
    ${rating === undefined ? null : html`<p style="margin:8px 0 0">${stars(rating)}</p>`}
    ${title ? html`<p class="ink" dir="auto" style="margin:8px 0 0;font-weight:600;color:${ink.text}">${title}</p>` : null}
    ${content ? html`<p class="ink" dir="auto" style="margin:8px 0 0;color:${ink.text}">${lines(content)}</p>` : null}`)
}

function renderChange(change: Change): Markup {
  return html`<p class="soft" style="${label}">${change.label}</p>
    ${quote(html`
      <table role="presentation" cellpadding="0" cellspacing="0">
        ${renderValue('Before', change.old)}
        ${renderValue('Now', change.new)}
      </table>`)}`
}

function renderValue(when: string, value: ChangedValue): Markup {
  return html`<tr>
          <td class="soft" valign="top" style="width:64px;padding:2px 0;font-size:13px;color:${ink.soft}">${when}</td>
          <td class="ink" valign="top" dir="auto" style="padding:2px 0;color:${ink.text}">${show(value)}</td>
        </tr>`
}

function show(value: ChangedValue): Markup {
  if (typeof value === 'number') return stars(value)
  return value === null ? html`<i>none</i>` : lines(value)
}

/** A screen reader says the rating once: the stars are for the eye. */
function stars(rating: number): Markup {
  const { full, empty } = starsOf(rating)
  return html`<span class="star" aria-hidden="true" style="font-size:20px;line-height:24px;letter-spacing:2px;color:${ink.star}"
    >${full}<span class="faint" style="color:${ink.faint}">${empty}</span></span>
    <span class="soft" style="font-size:14px;color:${ink.soft}">${outOfFive(rating)}</span>`
}

function quote(content: Markup): Markup {
  return html`
    <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px"><tr>
      <td class="quote" style="padding:16px 20px;background:${ink.quote};border-left:3px solid ${ink.accent};border-radius:4px;word-break:break-word">
        ${content}
      </td>
    </tr></table>`
}
