// Draws the app's icons from one SVG with Chromium: `npm run icons`.
// The mark: a door standing ajar with light behind it, and the step before it.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const outDir = fileURLToPath(new URL('../public/icons/', import.meta.url))

/** @param {{ radius: number, inset: number }} shape corner radius and the mark's inset, in 512ths */
function mark({ radius, inset }) {
  const scale = (512 - 2 * inset) / 512
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512">
  <rect width="512" height="512" rx="${radius}" fill="#0c5a4d"/>
  <g transform="translate(${inset} ${inset}) scale(${scale})">
    <path d="M150 372V196a106 106 0 0 1 212 0v176z" fill="#f8efdc"/>
    <path d="M150 372V196a106 106 0 0 1 106-106c10 0 19 1 28 4v302l-134-24z" fill="#e9b65a"/>
    <circle cx="254" cy="246" r="13" fill="#0c5a4d"/>
    <rect x="104" y="372" width="304" height="26" rx="13" fill="#f8efdc"/>
    <rect x="72" y="414" width="368" height="26" rx="13" fill="#f8efdc" opacity=".55"/>
  </g>
</svg>`
}

const icons = [
  { name: 'icon-192.png', size: 192, svg: mark({ radius: 112, inset: 0 }) },
  { name: 'icon-512.png', size: 512, svg: mark({ radius: 112, inset: 0 }) },
  { name: 'maskable-512.png', size: 512, svg: mark({ radius: 0, inset: 56 }) },
]

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run'],
})
await mkdir(outDir, { recursive: true })
for (const { name, size, svg } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  await page.setContent(`<style>html,body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`)
  await writeFile(outDir + name, await page.screenshot({ omitBackground: true }))
  await page.close()
}
await browser.close()
