import { Type } from 'typebox'
import { defineTemplate, greeting } from '../template.ts'

/** Anything that has no template of its own. */
export const message = defineTemplate({
  name: 'message',
  params: Type.Object({
    subject: Type.String({ minLength: 1, maxLength: 200 }),
    text: Type.String({ minLength: 1, maxLength: 20_000 }),
  }),
  letter: ({ subject, text }, reader) => ({
    subject,
    preview: text,
    heading: subject,
    blocks: [
      { kind: 'paragraph', text: greeting(reader) },
      { kind: 'paragraph', text },
    ],
    reason: 'You receive this mail because you have an account here.',
  }),
})
