import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

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
