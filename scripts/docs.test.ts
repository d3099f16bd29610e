import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { catalogue } from '../src/contracts/catalogue.ts'
import { groups } from '../src/contracts/consumer-groups.ts'
import { decode } from '../src/contracts/decode.ts'
import { reviewCreated } from '../src/contracts/events/review-created.ts'
import { exampleOf } from '../src/contracts/example.ts'
import { headers } from '../src/contracts/headers.ts'
import { allTopics } from '../src/contracts/topics.ts'
import { portVariables } from '../src/launcher/ports.ts'
import { suites } from './test/suites.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })]
const { scripts } = JSON.parse(read('package.json'))

for (const page of pages) {
  test(`${page} names what exists: its links, paths and commands`, () => {
    const text = read(page)
    for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (!/^https?:/.test(target))
        assert.ok(existsSync(join(root, dirname(page), target)), `link to ${target}`)
    }
    for (const [, path = ''] of text.matchAll(/`((?:src|test|scripts|deploy|docs|migrations)\/[\w./-]*)`/g)) {
      assert.ok(existsSync(join(root, path)), `path ${path}`)
    }
    for (const [, script = ''] of text.matchAll(/npm run (?:-s )?([\w:-]+)/g)) {
      assert.ok(script in scripts, `npm run ${script}`)
    }
  })
}

test('every decision is in the index, under its title', () => {
  const index = read('docs/adr/README.md')
  for (const file of globSync('docs/adr/[0-9]*.md', { cwd: root })) {
    const title = /^# (.*)$/m.exec(read(file))?.[1]
    assert.ok(
      index.includes(`- [${title}](${file.slice('docs/adr/'.length)})`),
      `${file} is not in the index`,
    )
  }
})

test("the README's curl is the one that the card shows", () => {
  const body = /-d '(\{[^']*\})'/.exec(read('README.md'))?.[1]
  assert.ok(body && read('src/cli/stack-card.ts').includes(body))
})

test('the README names the variable of every port', () => {
  const readme = read('README.md').replaceAll(/\s+/g, ' ')
  for (const [variable, port] of portVariables)
    assert.ok(readme.includes(`\`${variable}\` (${port}`), variable)
})

test('the README names every program that a suite needs', () => {
  const readme = read('README.md')
  for (const { command } of suites.flatMap(({ needs }) => needs))
    assert.ok(readme.includes(`\`${command}\``), command)
})

test('docs/events.md shows the example of the contract, to the letter', () => {
  const shown = /```json\n([^`]*)```/.exec(read('docs/events.md'))?.[1] ?? ''
  assert.equal(shown, `${JSON.stringify(exampleOf(reviewCreated), null, 2)}\n`)
  assert.ok(decode(Buffer.from(shown)).ok)
})

test('docs/events.md names every type with its topic and fields, every topic, header and group', () => {
  const page = read('docs/events.md')
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  for (const { type, topic, data } of catalogue) {
    const row = rows.find((line) => line.includes(`\`${type}\``) && line.includes(`| \`${topic.name}\` |`))
    assert.ok(row, type)
    for (const field of Object.keys(data.properties))
      assert.ok(row.includes(`\`${field}\``), `${field} of ${type}`)
  }
  for (const { name, partitions, retentionMs, key } of allTopics) {
    const cells = [`\`${name}\``, partitions, kept(retentionMs), key.includes('_') ? `\`${key}\`` : key]
    assert.ok(rows.includes(`| ${cells.join(' | ')} |`), name)
  }
  for (const name of [...Object.values(headers), ...Object.values(groups)])
    assert.ok(page.includes(`\`${name}\``), name)
})

/** As a table says it: 6 hours, 1 day, 30 days, for ever. */
function kept(milliseconds: number): string {
  if (milliseconds < 0) return 'for ever'
  const hours = milliseconds / 3_600_000
  const [count, unit] = hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
