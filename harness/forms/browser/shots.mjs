// node shots.mjs FILE OUT [ANCHOR]: pictures of a page, to look at.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { looks, start } from "./browser.mjs";

const [file, out, anchor = ""] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await start();
for (const look of looks) {
  const page = await browser.open(file, look, anchor);
  const name = `${look.width}-${look.scheme}-${look.script ? "script" : "plain"}.png`;
  await page.screenshot({ path: join(out, name) });
  await page.context().close();
}
await browser.close();
