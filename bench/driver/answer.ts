/** What a child process found out, told to the one that started it; then it ends. */
export function answer(result: object): void {
  if (!process.send) throw new Error('This is started by another process, which waits for its answer.')
  process.send(result, undefined, undefined, () => process.exit())
}
