import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CpuProfile, flameGraph, framesOf } from './flame-graph.ts'

const call = (functionName: string, url = '') => ({ functionName, url })
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: call('(root)'), children: [2, 3, 4, 5] },
    { id: 2, callFrame: call('(idle)') },
    { id: 3, callFrame: call('write', 'file:///x/src/reviews/writer.ts'), children: [6] },
    { id: 4, callFrame: call('write', 'file:///x/src/reviews/writer.ts') },
    { id: 5, callFrame: call('(program)') },
    { id: 6, callFrame: call('<query>', 'file:///x/node_modules/pg/lib/client.js') },
  ],
  samples: [2, 3, 4, 5, 6],
  timeDeltas: [9_000, 1_000, 2_000, 5_000, 3_000],
}

test('calls of one function in one place are taken together, and idle time is left out', () => {
  const root = framesOf(profile)
  assert.equal(root.milliseconds, 6)
  assert.deepEqual(root.callees, [
    {
      name: 'write reviews/writer.ts',
      owner: 'own',
      milliseconds: 6,
      callees: [{ name: '<query> pg/lib/client.js', owner: 'package', milliseconds: 3, callees: [] }],
    },
  ])
})

test('the picture names what it shows, and nothing in a name is taken for markup', () => {
  const picture = flameGraph(framesOf(profile), 'a & b')
  assert.match(picture, /a &amp; b/)
  assert.match(picture, /&lt;query&gt; pg\/lib\/client\.js: 50\.0 %/)
  assert.doesNotMatch(picture, /<query>/)
})
