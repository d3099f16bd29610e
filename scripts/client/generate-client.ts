/**
 * Writes the typed client in src/client from the API's OpenAPI document:
 *
 *     npm run client:generate
 *
 * A test generates it elsewhere and compares, so that the client never says anything else than the document.
 */
import { glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apiDocument } from './api-document.ts'

// The generator builds its output with TypeScript's own API, which TypeScript 7 no longer has: wherever it asks for
// `typescript`, it gets the one of this workspace.
const ours = import.meta.url
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'typescript' ? next(specifier, { ...context, parentURL: ours }) : next(specifier, context),
})

/** The client is that of an API with authentication, which takes all that one without it takes. */
export async function generateClient(folder: string): Promise<void> {
  const { createClient } = await import('@hey-api/openapi-ts')
  const scratch = await mkdtemp(join(tmpdir(), 'thereview-client-'))
  try {
    const input = join(scratch, 'openapi.json')
    await writeFile(input, JSON.stringify(await apiDocument({ open: false })))
    await createClient({
      input,
      output: { path: folder, clean: true, module: { extension: '.ts' } },
      plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
      logs: { level: 'silent' },
    })
    await excuseRuntime(folder)
  } finally {
    await rm(scratch, { recursive: true })
  }
}

/** What the generator brings along is written for laxer options of TypeScript than ours. */
async function excuseRuntime(folder: string): Promise<void> {
  for await (const name of glob('{client,core}/*.ts', { cwd: folder })) {
    const file = join(folder, name)
    await writeFile(file, `// @ts-nocheck\n${await readFile(file, 'utf8')}`)
  }
}

if (import.meta.main) await generateClient(join(import.meta.dirname, '..', '..', 'src', 'client'))
