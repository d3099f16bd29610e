import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pino } from 'pino'
import { LogLevels, logLevelsText, parseLogLevels } from './log-levels.ts'
import { createLogger, moduleLog } from './logger.ts'

test('levels are read as they are written', () => {
  assert.deepEqual(parseLogLevels('debug'), { rest: 'debug', modules: {} })
  assert.deepEqual(parseLogLevels('relay=debug'), { modules: { relay: 'debug' } })
  assert.deepEqual(parseLogLevels('relay=debug, warn ,kafka = silent'), {
    rest: 'warn',
    modules: { relay: 'debug', kafka: 'silent' },
  })
  for (const text of ['info,relay=debug,kafka=warn', 'trace', 'http=error']) {
    assert.equal(logLevelsText(parseLogLevels(text) ?? assert.fail(text)), text)
  }
})

for (const text of [
  '',
  'loud',
  'relay',
  'relay=',
  'relay=loud',
  'tide=debug',
  'info,warn',
  'info,',
  'a=b=c',
]) {
  test(`${JSON.stringify(text)} is refused`, () => assert.equal(parseLogLevels(text), undefined))
}

test('a module has its own level, else that of the rest', () => {
  const levels = new LogLevels({ rest: 'warn', modules: { relay: 'debug' } })
  assert.deepEqual([levels.of(), levels.of('kafka'), levels.of('relay')], ['warn', 'warn', 'debug'])
})

test('a change goes over what the process was started with, and ends', () => {
  const levels = new LogLevels({ rest: 'info', modules: { relay: 'warn' } })
  const now = () => [levels.of(), levels.of('relay'), levels.of('kafka')]
  assert.equal(levels.change({ modules: { kafka: 'trace' } }), true)
  assert.deepEqual(now(), ['info', 'warn', 'trace'])
  assert.equal(levels.change({ modules: { kafka: 'trace' } }), false)
  // Who asks for everything gets it, also of what was made quieter at the start.
  levels.change({ rest: 'debug', modules: {} })
  assert.deepEqual(now(), ['debug', 'debug', 'debug'])
  levels.change()
  assert.deepEqual(now(), ['info', 'warn', 'info'])
})

test('loggers that are there already follow a change, with their children', () => {
  const levels = new LogLevels({ rest: 'info', modules: {} })
  const log = createLogger({ service: 'test', level: levels, format: 'json' })
  const kafka = moduleLog(log, 'kafka')
  const group = kafka.child({ group: 'g' })
  const relay = moduleLog(log, 'relay')
  const all = () => [log, kafka, group, relay].map(({ level }) => level)
  levels.change({ modules: { kafka: 'debug' } })
  assert.deepEqual(all(), ['info', 'debug', 'debug', 'info'])
  assert.equal(moduleLog(log, 'kafka').level, 'debug')
  levels.change({ rest: 'error', modules: { relay: 'info' } })
  assert.deepEqual(all(), ['error', 'error', 'error', 'info'])
})

test('what is off costs no line: nothing is put together for it', () => {
  const written: string[] = []
  const levels = new LogLevels({ rest: 'info', modules: {} })
  const log = pino(
    { onChild: (child) => levels.follow(child) },
    { write: (line: string) => written.push(line) },
  )
  levels.follow(log)
  const http = moduleLog(log, 'http')
  levels.change({ modules: { http: 'warn' } })
  assert.equal(http.isLevelEnabled('info'), false)
  http.info(
    {
      get path() {
        return assert.fail('it was read')
      },
    },
    'GET /',
  )
  assert.deepEqual(written, [])
})
