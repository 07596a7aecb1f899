// Opens an EPUB in foliate-js, pops up the first annotation of its text, and draws that.
// node pop-up.mjs MODULES CHROMIUM BOOK PICTURE
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'

const [modules, chromium, book, picture] = process.argv.slice(2)
const puppeteer = createRequire(path.join(path.resolve(modules), 'x'))('puppeteer-core')

const PAGE = `<!DOCTYPE html>
<style>
  html, body { height: 100%; margin: 0; background: #fff }
  #note { position: fixed; left: 70px; right: 70px; bottom: 40px; height: 190px; background: #fffdf6;
          border: 1px solid #b9b39f; border-radius: 8px; box-shadow: 0 6px 24px #0003; overflow: hidden }
  #note > * { display: block; width: 100%; height: 100% }
</style>
<body><script type="module">
import '/modules/foliate-js/view.js'
import { FootnoteHandler } from '/modules/foliate-js/footnotes.js'
const view = document.body.appendChild(document.createElement('foliate-view'))
view.style.cssText = 'display: block; height: 100%'
const box = Object.assign(document.createElement('div'), { id: 'note', hidden: true })
document.body.append(box)
const notes = new FootnoteHandler()
notes.addEventListener('before-render', e => { box.replaceChildren(e.detail.view); box.hidden = false })
notes.addEventListener('render', () => { window.popped = true })
view.addEventListener('load', e => { window.current = e.detail.doc })
view.addEventListener('link', e => notes.handle(view.book, e))
const blob = await (await fetch('/book')).blob()
await view.open(new File([blob], 'book.epub', { type: 'application/epub+zip' }))
view.renderer.setAttribute('flow', 'scrolled')
window.view = view
</script>`

const server = http.createServer((request, response) => {
    const name = new URL(request.url, 'http://x').pathname
    if (name === '/') return response.setHeader('content-type', 'text/html').end(PAGE)
    const file = name === '/book' ? book : path.join(modules, path.normalize(name).replace(/^\/modules\//, ''))
    fs.readFile(file, (error, data) => {
        if (error) return response.writeHead(404).end()
        response.setHeader('content-type', file.endsWith('.js') ? 'text/javascript' : 'application/octet-stream')
        response.end(data)
    })
}).listen(0, '127.0.0.1')
await new Promise(resolve => server.once('listening', resolve))
const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox'] })
try {
    const page = await browser.newPage()
    await page.setViewport({ width: 720, height: 620, deviceScaleFactor: 1 })
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    await page.waitForFunction('window.view?.book', { timeout: 60000 })
    const first = await page.evaluate(async () => {
        for (const [index, section] of view.book.sections.entries()) {
            const found = await section.createDocument()
            if (found.querySelector('section.chapter a.key')) return index
        }
        return -1
    })
    await page.evaluate(index => view.goTo(index), first)
    await page.waitForFunction('window.current?.querySelector("a.key")', { timeout: 60000 })
    await page.evaluate(() => {
        const key = window.current.querySelector('a.key')
        key.scrollIntoView({ block: 'center' })
        key.click()
    })
    await page.waitForFunction('window.popped', { timeout: 60000 })
    await new Promise(resolve => setTimeout(resolve, 1500)) // fonts and layout of the pop-up
    await page.screenshot({ path: picture })
} finally {
    await browser.close()
    server.close()
}
