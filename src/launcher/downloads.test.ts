import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Downloads, downloadFailed, downloadProgress } from './downloads.ts'

const folder = mkdtempSync(join(tmpdir(), 'downloads-'))
after(() => rmSync(folder, { recursive: true }))

test('without Maven the message says what it is for and how to get it', async () => {
  const downloads = await Downloads.in(folder, { PATH: folder })
  const wanted = downloads.have('redis', () => undefined, new AbortController().signal)
  await assert.rejects(wanted, { name: 'StackError', message: /^Maven is needed .*apt install maven/ })
})

test('a failed download leaves nothing behind that looks like a part', async () => {
  const downloads = await Downloads.in(folder, { PATH: folder })
  await downloads.have('redis', () => undefined, new AbortController().signal).catch(() => undefined)
  assert.deepEqual(
    readdirSync(folder).flatMap((hash) => readdirSync(join(folder, hash))),
    [],
  )
})

test("a failure is Maven's reason, without its advice", () => {
  const { message } = downloadFailed([
    '[INFO] Building local-stack 1',
    '\x1b[1;31m[ERROR]\x1b[m Could not find artifact io.zipkin:zipkin-server:jar:exec:9.9.9 in central -> [Help 1]',
    '[ERROR]',
    '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.',
  ])
  assert.equal(
    message,
    'Maven could not download from Maven Central:\n' +
      '  Could not find artifact io.zipkin:zipkin-server:jar:exec:9.9.9 in central\n' +
      'Check the connection (behind a proxy or mirror: ~/.m2/settings.xml), and start again: what is complete stays.',
  )
})

test('a full disk is said as such', () => {
  assert.match(downloadFailed(['[ERROR] … No space left on device']).message, /^The disk is full/)
})

test('reads progress from what Maven prints', () => {
  assert.equal(downloadProgress('Progress (1): 12/158 MB'), '12/158 MB')
  assert.equal(
    downloadProgress(
      'Downloaded from central: https://host/path/kafka-clients-4.3.1.jar (5.2 MB at 3.1 MB/s)',
    ),
    'kafka-clients-4.3.1.jar (5.2 MB)',
  )
  assert.equal(downloadProgress('[INFO] BUILD SUCCESS'), undefined)
})
