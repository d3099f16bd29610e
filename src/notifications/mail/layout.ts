import type { Letter } from './letter.ts'
import { html, Markup } from './markup.ts'

/** The light palette; `darkStyle` has its counterpart. Text has a contrast of at least 4.5 on its ground (WCAG AA). */
export const ink = {
  text: '#1f2328',
  soft: '#59636e',
  faint: '#b6bcc4',
  accent: '#3b5bdb',
  star: '#b76e00',
  quote: '#f5f6f8',
  page: '#eceef1',
  card: '#ffffff',
} as const

const font = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

// Inline styles hold the light look, for clients that drop this; classes are there to be overruled.
const darkStyle = `
  body { margin: 0; padding: 0; }
  @media (max-width: 480px) { .card { padding: 24px 20px !important; } .page { padding: 12px 8px !important; } }
  @media (prefers-color-scheme: dark) {
    .page { background: #111418 !important; }
    .card { background: #1c2128 !important; }
    .quote { background: #262c35 !important; border-left-color: #748ffc !important; }
    .ink { color: #e6e9ed !important; }
    .soft { color: #a3adb8 !important; }
    .faint { color: #59636e !important; }
    .star { color: #f2b134 !important; }
    .brand { color: #91a7ff !important; }
  }`

/**
 * The frame of every mail: tables and inline styles, because that is what mail clients have in common, and no image,
 * font or link from elsewhere, so that opening it tells nobody anything.
 */
export function layout({ subject, preview, heading, reason }: Letter, content: readonly Markup[]): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <meta name="color-scheme" content="light dark">
  <meta name="supported-color-schemes" content="light dark">
  <title>${subject}</title>
  <style>${new Markup(darkStyle)}
  </style>
</head>
<body class="page" style="margin:0;padding:0;background:${ink.page}">
  <div style="display:none;max-height:0;overflow:hidden">${preview}</div>
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr>
    <td class="page" align="center" style="padding:32px 16px;background:${ink.page}">
      <!--[if mso]><table role="presentation" width="560"><tr><td><![endif]-->
      <table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;text-align:left;font-family:${new Markup(font)};font-size:16px;line-height:24px">
        <tr><td class="brand" style="padding:0 4px 16px;font-size:15px;font-weight:700;letter-spacing:0.2px;color:${ink.accent}">
          ★ TheReview
        </td></tr>
        <tr><td class="card" style="padding:32px 36px 16px;background:${ink.card};border-radius:12px">
          <h1 class="ink" dir="auto" style="margin:0 0 16px;font-size:22px;line-height:30px;font-weight:700;color:${ink.text}">${heading}</h1>
          ${content}
        </td></tr>
        <tr><td class="soft" style="padding:16px 4px 0;font-size:13px;line-height:18px;color:${ink.soft}">${reason}</td></tr>
      </table>
      <!--[if mso]></td></tr></table><![endif]-->
    </td>
  </tr></table>
</body>
</html>
`
}
