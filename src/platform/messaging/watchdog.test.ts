import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Watchdog } from './watchdog.ts'

function watched(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const state = { owing: true, progress: 0, stuck: 0 }
  const watchdog = new Watchdog({
    isOwing: () => state.owing,
    progress: () => state.progress,
    onStuck: () => {
      state.stuck += 1
    },
  })
  watchdog.start()
  return { state, watchdog, seconds: (count: number) => t.mock.timers.tick(count * 1_000) }
}

test('work that is not done for 30 s is told of, once', (t) => {
  const { state, seconds } = watched(t)
  seconds(30)
  assert.equal(state.stuck, 0)
  seconds(60)
  assert.equal(state.stuck, 1)
})

test('progress, or nothing to do, begins the count anew', (t) => {
  const { state, watchdog, seconds } = watched(t)
  seconds(25)
  state.progress += 1
  seconds(25)
  state.owing = false
  seconds(25)
  state.owing = true
  seconds(25)
  assert.equal(state.stuck, 0)
  watchdog.stop()
  seconds(100)
  assert.equal(state.stuck, 0)
})
