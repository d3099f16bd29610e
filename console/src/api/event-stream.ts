import { request } from './client.ts'

/**
 * Reads server-sent events by `fetch`, since `EventSource` cannot send a token. Resolves when the stream ends.
 * Source: HTML, server-sent events, as far as the ops service writes them.
 */
export async function readEvents(
  path: string,
  signal: AbortSignal,
  onEvent: (name: string, data: string) => void,
): Promise<void> {
  const response = await request(path, { signal, headers: { accept: 'text/event-stream' } })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (!reader) return
  let text = ''
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    text += chunk.value
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const lines = block.split('\n')
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const data = field('data')
      if (data !== undefined) onEvent(field('event') ?? 'message', data)
    }
  }
}
