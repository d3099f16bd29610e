import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseJava, majorOf } from './java.ts'

const found = [
  { file: '/usr/bin/java', major: 17 },
  { file: '/usr/lib/jvm/temurin-25/bin/java', major: 25 },
]

test('each part gets the first Java that is new enough for it', () => {
  assert.equal(chooseJava(found, 17, 'kafka-1').file, '/usr/bin/java')
  assert.equal(chooseJava(found, 21, 'schema-registry').file, '/usr/lib/jvm/temurin-25/bin/java')
})

test('too old a Java is refused with what was found and how to get another', () => {
  assert.throws(() => chooseJava(found.slice(0, 1), 21, 'schema-registry'), {
    message:
      /^schema-registry needs Java 21 or later; found only Java 17 \(\/usr\/bin\/java\)\. Install one .*JAVA_HOME/,
  })
})

test('no Java at all is said as such', () => {
  assert.throws(() => chooseJava([], 17, 'kafka-1'), {
    message: /^kafka-1 needs Java 17 or later; found none\./,
  })
})

test('reads the major version of every kind of Java', () => {
  assert.equal(majorOf('openjdk version "1.8.0_412"'), 8)
  assert.equal(majorOf('openjdk version "17.0.15" 2025-04-15'), 17)
  assert.equal(majorOf('openjdk version "25" 2025-09-16 LTS'), 25)
  assert.equal(majorOf('openjdk version "26-ea" 2026-03-17'), 26)
  assert.equal(majorOf('The operation couldn’t be completed. Unable to locate a Java Runtime.'), undefined)
})
