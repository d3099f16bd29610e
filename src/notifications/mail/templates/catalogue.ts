import type { Template } from '../template.ts'
import { message } from './message.ts'
import { reviewCreated } from './review-created.ts'
import { reviewDeleted } from './review-deleted.ts'
import { reviewUpdated } from './review-updated.ts'

/** Every template that a command may name. A new one is a file here and a line below. */
export const templates: readonly Template[] = [reviewCreated, reviewUpdated, reviewDeleted, message]

const byName = new Map(templates.map((template) => [template.name, template]))

export function templateOf(name: string): Template | undefined {
  return byName.get(name)
}
