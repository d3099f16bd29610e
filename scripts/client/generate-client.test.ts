import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { generateClient } from './generate-client.ts'

const fresh = mkdtempSync(join(tmpdir(), 'client-'))
after(() => rmSync(fresh, { recursive: true }))

test('the client in src/client is the one of the document; if not: npm run client:generate', async () => {
  await generateClient(fresh)
  const filesOf = (folder: string) =>
    Object.fromEntries(
      globSync('**/*.ts', { cwd: folder }).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
    )
  const committed = filesOf(join(import.meta.dirname, '..', '..', 'src', 'client'))
  const generated = filesOf(fresh)
  assert.deepEqual(Object.keys(committed).sort(), Object.keys(generated).sort())
  for (const [name, text] of Object.entries(generated)) {
    assert.ok(committed[name] === text, `src/client/${name} is not what the document says`)
  }
})
