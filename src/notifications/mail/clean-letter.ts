import type { Block, ChangedValue, Letter } from './letter.ts'
import { manyLines, oneLine } from './wording.ts'

const maxSubject = 150
const maxId = 120
const maxTitle = 200
const maxExcerpt = 600

/**
 * The letter without anything that could break a header or deceive its reader, and with long quotes cut: a mail
 * reminds of a review, it does not archive it.
 */
export function cleanLetter(letter: Letter): Letter {
  return {
    subject: oneLine(letter.subject, maxSubject),
    preview: oneLine(letter.preview, maxSubject),
    heading: oneLine(letter.heading, maxTitle),
    blocks: letter.blocks.map(cleanBlock),
    reason: oneLine(letter.reason, maxTitle),
  }
}

function cleanBlock(block: Block): Block {
  switch (block.kind) {
    case 'paragraph':
      return { ...block, text: manyLines(block.text) }
    case 'review': {
      const { entityType, entityId, rating, title, content } = block.review
      return {
        kind: 'review',
        review: {
          entityType: oneLine(entityType, maxId),
          entityId: oneLine(entityId, maxId),
          ...(rating === undefined ? {} : { rating }),
          ...(title ? { title: oneLine(title, maxTitle) } : {}),
          ...(content ? { content: manyLines(content, maxExcerpt) } : {}),
        },
      }
    }
    case 'changes':
      return {
        kind: 'changes',
        changes: block.changes.map((change) => ({
          label: change.label,
          old: cleanValue(change.old),
          new: cleanValue(change.new),
        })),
      }
    case 'note':
      return { ...block, text: manyLines(block.text, maxExcerpt) }
  }
}

const cleanValue = (value: ChangedValue) => (typeof value === 'string' ? manyLines(value, maxExcerpt) : value)
