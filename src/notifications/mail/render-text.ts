import type { Block, ChangedValue, Letter } from './letter.ts'
import { outOfFive, starsOf } from './stars.ts'

/** The letter for readers without HTML. */
export function renderText({ heading, blocks, reason }: Letter): string {
  // RFC 3676, section 4.3: two dashes and a space begin the signature.
  return `${[heading, ...blocks.map(renderBlock), `-- \nTheReview\n${reason}`].join('\n\n')}\n`
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text
    case 'review': {
      const { entityType, entityId, rating, title, content } = block.review
      const parts = [
        `${entityType} · ${entityId}`,
        rating === undefined ? null : stars(rating),
        title,
        content,
      ]
      return indent(parts.filter(Boolean).join('\n'))
    }
    case 'changes':
      return block.changes
        .map(
          (change) => `${change.label}\n${indent(`before: ${show(change.old)}\nnow: ${show(change.new)}`)}`,
        )
        .join('\n\n')
    case 'note':
      return `${block.label}\n${indent(block.text)}`
  }
}

function show(value: ChangedValue): string {
  return typeof value === 'number' ? stars(value) : (value ?? 'none')
}

function stars(rating: number): string {
  const { full, empty } = starsOf(rating)
  return `${full}${empty} ${outOfFive(rating)}`
}

const indent = (text: string) => text.replace(/^(?!$)/gm, '    ')
