import { Type } from 'typebox'
import { AppError } from '../../platform/errors.ts'

/** What somebody typed to say that they mean it: the name of what the act is done to. */
export const Confirmation = Type.String({ minLength: 1, maxLength: 300 })

/** @throws {AppError} `not_confirmed` */
export function assertConfirmed(typed: string, name: string): void {
  if (typed === name) return
  throw new AppError('not_confirmed', 'fatal', `type "${name}" to confirm`)
}
