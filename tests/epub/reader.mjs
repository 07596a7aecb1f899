// Opens an EPUB in foliate-js, as a reader does, and prints what became of it as JSON.
// node reader.mjs MODULES CHROMIUM BOOK NOTEREF…   MODULES is a node_modules with foliate-js and puppeteer-core.
import fs from 'node:fs'
import http from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'

const [modules, chromium, book, ...calls] = process.argv.slice(2)
const puppeteer = createRequire(path.join(path.resolve(modules), 'x'))('puppeteer-core')

const PAGE = `<!DOCTYPE html><style>html, body { height: 100%; margin: 0 }</style><body><script type="module">
import '/modules/foliate-js/view.js'
import { FootnoteHandler } from '/modules/foliate-js/footnotes.js'
const view = document.body.appendChild(document.createElement('foliate-view'))
view.style.cssText = 'display: block; height: 100%'
const notes = new FootnoteHandler()
const state = window.state = { notes: [] }
notes.addEventListener('before-render', e => document.body.append(e.detail.view))
notes.addEventListener('render', e => state.notes.push({
    type: e.detail.type,
    text: e.detail.view.renderer.getContents()[0].doc.body.textContent.trim().replace(/\\s+/g, ' '),
}))
view.addEventListener('load', e => { state.document = e.detail.doc })
view.addEventListener('link', e => notes.handle(view.book, e))
const blob = await (await fetch('/book')).blob()
await view.open(new File([blob], 'book.epub', { type: 'application/epub+zip' }))
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

const browser = await puppeteer.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-gpu'] })
const result = { errors: [], sections: [], fonts: [] }
try {
    const page = await browser.newPage()
    page.on('pageerror', error => result.errors.push(error.message))
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    await page.waitForFunction('window.view', { timeout: 30000 })
    Object.assign(result, await page.evaluate(() => ({
        title: view.book.metadata.title,
        author: view.book.metadata.author?.name,
        contents: view.book.toc.map(entry => entry.label),
        landmarks: view.book.landmarks.flatMap(mark => mark.type),
    })))
    const fonts = new Set()
    const count = await page.evaluate(() => view.book.sections.length)
    for (let index = 0; index < count; index++) {
        await page.evaluate(i => view.goTo(i), index)
        const loaded = await page.evaluate(async () => {
            await state.document.fonts.ready
            return [...state.document.fonts].filter(font => font.status === 'loaded').map(font => font.family)
        })
        loaded.forEach(family => fonts.add(family.replaceAll('"', '')))
        result.sections.push(await page.evaluate(() => state.document.title))
        for (const call of calls) {
            if (!await page.evaluate(id => !!state.document.getElementById(id), call)) continue
            const before = await page.evaluate(() => state.notes.length)
            await page.evaluate(id => state.document.getElementById(id).click(), call)
            await page.waitForFunction(n => state.notes.length > n, { timeout: 15000 }, before)
        }
    }
    result.fonts = [...fonts].sort()
    result.notes = await page.evaluate(() => state.notes)
} finally {
    await browser.close()
    server.close()
}
console.log(JSON.stringify(result))
