import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html, lines } from './markup.ts'

test('a text is escaped, in an element and in an attribute', () => {
  const hostile = `"><script>alert('x')</script>&amp;`
  assert.equal(
    html`<p title="${hostile}">${hostile}</p>`.source,
    '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;">' +
      '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;</p>',
  )
})

test('markup in markup stands as it is, and null is nothing', () => {
  assert.equal(
    html`<ul>${[html`<li>${1}</li>`, html`<li>${'<'}</li>`]}</ul>${null}`.source,
    '<ul><li>1</li><li>&lt;</li></ul>',
  )
})

test('line breaks are kept', () => {
  assert.equal(html`<p>${lines('a<b\nc')}</p>`.source, '<p>a&lt;b<br>\nc</p>')
})
