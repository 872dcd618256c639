// The pages in headless Chromium: wide and narrow, light and dark, with and without script. `.ci/run` makes the pages from
// the run of a host that is wrong in all worlds (examples/wrong-in-all-worlds.rs) and starts this.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { axe, look, looks, pages, records, shown, wide } from "./browser.mjs";

/** No part of a page is wider than the window, but what scrolls by itself. */
async function fits(page, how) {
  const width = await page.evaluate("document.documentElement.scrollWidth");
  assert.ok(width <= how.width, `${page.url()} is ${width} px wide and scrolls sideways`);
}

/** Follows a link, to where the page that it names is there with its style: a click ends before. */
const follow = (page, link) => Promise.all([page.waitForEvent("load"), link.click()]);

/** The failing cases of a report, the first of each world. */
function failing(file) {
  const first = new Map();
  for (const record of records(file).values()) {
    if (record.expectation === "unexpected" && !first.has(record.proposal)) first.set(record.proposal, record);
  }
  return [...first.values()];
}

/** What the record of a case has is to be seen on the page. */
async function shows(page, body, record, requirements) {
  for (const id of record.proves) {
    assert.ok(await body.getByText(requirements[id].text.replaceAll("`", ""), { exact: false }).first().isVisible(), id);
  }
  const guest = await body.locator(".part").filter({ hasText: /^guest/ }).first().innerText();
  for (const line of record.guests[0].transcript) assert.ok(guest.includes(line.text), line.text);
  let events = 0;
  for (const [name, channel] of Object.entries(record.trace)) {
    if (channel.seen.length === 0) continue;
    events += channel.seen.length;
    const part = await body.locator(".part").filter({ hasText: new RegExp(`^${name}`) }).first().innerText();
    for (const line of channel.seen) assert.ok(part.includes(line.text), line.text);
  }
  const texts = body.locator("svg.wires .e text");
  assert.ok(events > 0 && await texts.count() >= events, `${await texts.count()} of ${events} events`);
  assert.ok(await texts.first().isVisible());
}

const header = (file) => JSON.parse(readFileSync(join(pages, file), "utf8").split("\n", 1)[0]);

for (const how of looks) {
  const name = `${how.width} px, ${how.scheme}, ${how.script ? "with" : "without"} script`;

  test(`the page of a run: ${name}`, () => look("wrong.html", how, async (page) => {
    await fits(page, how);
    const { requirements, date, platform, suite, runtime } = header("wrong.jsonl");
    const facts = page.locator(".facts").first();
    for (const fact of [`${runtime.name} ${runtime.version}`, date, `${platform.os} ${platform.arch}`, suite.version, "Seed"]) {
      assert.ok((await facts.innerText()).includes(fact), fact);
    }
    const box = await facts.boundingBox();
    assert.ok(box.y + box.height < 900, "the facts are below the fold");
    assert.ok((await page.locator("#claims .mark").first().boundingBox()).y < 900, "the claims are below the fold");
    const worlds = failing("wrong.jsonl");
    assert.equal(worlds.length, 4);
    for (const record of worlds) {
      const slug = record.case.replaceAll("/", ".");
      const body = page.locator(`[id="${slug}"]`);
      if (!await body.isVisible()) await page.locator("summary").filter({ hasText: `${record.case} ` }).first().click();
      const row = await page.locator("details.case").filter({ has: body }).locator("summary").first().innerText();
      assert.match(row, /^\s*fail\s+unexpected\s/, "a row has two marks");
      assert.match(row, /expected .* saw /s, "a row has both sides");
      await shows(page, body, record, requirements);
    }
    assert.deepEqual(await axe(page), []);
  }));

  test(`an anchor opens its case: ${name}`, () => look("wrong.html", how, async (page) => {
    const body = page.locator("[id='i2c.write-read-repeated-start']");
    await body.waitFor({ state: "visible" });
    const box = await body.boundingBox();
    assert.ok(box.y >= 0 && box.y < 900, `it is at ${box.y}`);
    // Something is painted there: not all of the picture has one colour.
    const picture = await page.screenshot({ clip: { x: 0, y: box.y, width: how.width, height: Math.min(300, 900 - box.y) } });
    assert.ok(picture.length > 3_000, `a picture of ${picture.length} bytes is blank`);
  }, "#i2c.write-read-repeated-start"));

  test(`the site: ${name}`, async () => {
    const [record] = failing("wrong.jsonl");
    await look("site/index.html", how, async (page) => {
      await fits(page, how);
      assert.deepEqual(await axe(page), []);
      await follow(page, page.getByRole("link", { name: "Where do they differ?" }));
      await fits(page, how);
      assert.deepEqual(await axe(page), []);
      await follow(page, page.getByRole("link", { name: record.proves[0], exact: true }));
      assert.deepEqual(await axe(page), []);
      await follow(page, page.locator(".mark.fail").first());
      await fits(page, how);
      assert.deepEqual(await axe(page), []);
      assert.ok(await page.locator("svg.wires").first().isVisible());
      await follow(page, page.getByRole("link", { name: "on all hosts" }));
      assert.ok(await page.locator(".mark.pass").count() > 0 && await page.locator(".mark.fail").count() > 0);
      assert.deepEqual(await axe(page), []);
    });
  });
}

test("a page is printed with its failures and without its controls", () => look("wrong.html", wide, async (page) => {
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".filter:visible").count(), 0);
  assert.equal(await shown(page), [...records("wrong.jsonl").values()].filter((r) => r.expectation === "unexpected").length);
}));

test("the page of a whole suite stays below 3 MB", () => {
  for (const file of ["wrong.html", "right.html"]) {
    const { size } = statSync(join(pages, file));
    assert.ok(size < 3_000_000, `${file} has ${size} bytes`);
  }
});
