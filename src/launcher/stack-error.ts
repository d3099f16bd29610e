/** A failure that its reader can mend: the message says what is wrong, with the value, and what to do. */
export class StackError extends Error {
  override name = 'StackError'
}
