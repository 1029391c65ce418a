import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { launchChromium } from '../tests/browser/chromium.ts';

// Draws the icons of the web-app manifest from public/favicon.svg: npx tsx tools/make-icons.ts
const svg = await readFile('public/favicon.svg', 'utf8');
// Systems crop a “maskable” icon to their own shape: the background reaches the edge, the drawing stays in the middle.
const maskable = svg
  .replace('rx="15"', '')
  .replace('viewBox="0 0 64 64"', 'viewBox="0 0 64 64" width="100%" height="100%"');
const drawings = [
  { name: 'icon-192', size: 192, body: svg, scale: 1 },
  { name: 'icon-512', size: 512, body: svg, scale: 1 },
  { name: 'maskable-512', size: 512, body: maskable, scale: 0.8 },
];
await mkdir('public/icons', { recursive: true });
const browser = await launchChromium();
try {
  for (const { name, size, body, scale } of drawings) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const drawn = body.replace('<svg ', `<svg style="width:${100 * scale}%;height:${100 * scale}%" `);
    const ground = scale < 1 ? '#1b1530' : 'transparent';
    await page.setContent(
      `<style>html,body{margin:0;height:100%;background:${ground};display:grid;place-items:center}</style>${drawn}`,
    );
    await writeFile(`public/icons/${name}.png`, await page.screenshot({ omitBackground: true }));
    await page.close();
  }
} finally {
  await browser.close();
}
