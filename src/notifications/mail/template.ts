import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Letter } from './letter.ts'
import { oneLine } from './wording.ts'

/** What a template knows of whom it writes to. */
export interface Reader {
  readonly name?: string
}

/** A letter that waits for its reader. */
export type Draft = (reader: Reader) => Letter

export interface Template<Params = never> {
  /** Stored in the ledger and said in commands: never rename it. */
  readonly name: string
  readonly draft: (params: Params) => Draft
  /** The draft for params that came from outside, or what is wrong with them. */
  readonly draftFrom: (params: unknown) => Draft | InvalidParams
}

export interface InvalidParams {
  readonly invalid: string
}

/** Declares a template: its params' schema and the letter that it writes with them. */
export function defineTemplate<const Schema extends TSchema>(declaration: {
  readonly name: string
  readonly params: Schema
  readonly letter: (params: Static<Schema>, reader: Reader) => Letter
}): Template<Static<Schema>> {
  const { name, params: schema, letter } = declaration
  const validator = Compile(schema)
  const draft =
    (params: Static<Schema>): Draft =>
    (reader) =>
      letter(params, reader)
  return {
    name,
    draft,
    draftFrom: (params) => {
      if (validator.Check(params)) return draft(params)
      const [first] = validator.Errors(params)
      return { invalid: first ? `${first.instancePath || '/'} ${first.message}` : 'they do not fit' }
    },
  }
}

/** `Hello Ann,` */
export function greeting({ name }: Reader): string {
  return name ? `Hello ${name},` : 'Hello,'
}

/** What was reviewed, as a subject names it. */
export function nameOf(entity: { readonly entity_type: string; readonly entity_id: string }): string {
  return oneLine(`${entity.entity_type} ${entity.entity_id}`, 80)
}
