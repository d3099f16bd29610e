import assert from 'node:assert/strict'
import { after, afterEach, before, describe } from 'node:test'
import { brokenSystem } from './broken-system.ts'
import { keyboard } from './keys.ts'
import { login } from './login.ts'
import { looks } from './looks.ts'
import { OperatorsDesk } from './operators-desk.ts'
import { mainTasks } from './tasks.ts'

let desk: OperatorsDesk

before(async () => {
  desk = await OperatorsDesk.start()
})

after(() => desk?.stop())

afterEach(() => {
  assert.deepEqual(desk.browser.errors.splice(0), [], 'the page has errors')
})

// In this order: what is looked at has to be there, and what is broken is broken last.
describe('keys', () => keyboard(() => desk))
describe('main tasks', () => mainTasks(() => desk))
describe('login', () => login(() => desk))
describe('looks', () => looks(() => desk))
describe('a broken system', () => brokenSystem(() => desk))
