import type { Message } from '../../../../src/ops/contract/messages.ts'

/** What is shown, as it is shown: a message a line, personal data masked. */
export function download(name: string, messages: readonly Message[]): void {
  const lines = messages.map((message) => `${JSON.stringify(message)}\n`)
  const url = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
