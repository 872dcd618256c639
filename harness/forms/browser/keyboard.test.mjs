// The pages and the keyboard alone, in headless Chromium.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { axe, look, pages, records, shown, wide } from "./browser.mjs";

/** Presses Tab until an element has the focus. */
async function tab(page, selector) {
  for (let n = 0; n < 200; n++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) return;
  }
  assert.fail(`no way to ${selector} by the keyboard`);
}

for (const script of [true, false]) {
  test(`the filters work with the keyboard alone, script: ${script}`, () => look("wrong.html", { ...wide, script }, async (page) => {
    const all = await shown(page);
    await tab(page, "#v-all");
    await page.keyboard.press("ArrowRight");
    const failures = await shown(page);
    const records_ = [...records("wrong.jsonl").values()];
    assert.equal(all, records_.length);
    assert.equal(failures, records_.filter((record) => record.expectation === "unexpected").length);
    await tab(page, "#w-all");
    await page.keyboard.press("ArrowRight");
    const of = records_.filter((record) => record.expectation === "unexpected" && record.proposal === "gpio");
    assert.equal(await shown(page), of.length);
    await tab(page, "summary");
    const before = await page.locator("details.case[open]:visible").count();
    await page.keyboard.press("Enter");
    assert.equal(Math.abs(await page.locator("details.case[open]:visible").count() - before), 1);
  }));
}

test("the search finds the text of a failure with the keyboard alone", () => look("wrong.html", wide, async (page) => {
  await tab(page, "#q");
  // What the host of the I²C fault read; no id, title or statement has it.
  await page.keyboard.type("saw [a5]");
  const fit = await page.evaluate(() =>
    [...document.querySelectorAll(".case summary")].filter((row) => row.textContent.includes("[a5]")).length);
  assert.ok(fit > 0 && fit < 45, `${fit} have it`);
  assert.equal(await shown(page), fit);
  assert.equal(await page.locator("#n").innerText(), `${fit} found`);
  await page.keyboard.press("Escape");
  await page.locator("#q").fill("");
  assert.equal(await shown(page), records("wrong.jsonl").size);
}));

test("several runs: the matrix shows where they differ, and the records are one click away", () => look("several.html", wide, async (page) => {
  const rows = page.locator("#matrix tbody tr:visible");
  const all = await rows.count();
  // Past hundreds of cases by the link at the top.
  await tab(page, "nav a[href='#matrix']");
  await page.keyboard.press("Enter");
  await tab(page, "#m-differ");
  await page.keyboard.press("Space");
  const differing = await rows.count();
  assert.ok(differing > 3 && differing < all, `${differing} of ${all}`);
  assert.equal(await page.locator("#matrix tbody tr:visible .mark.fail").count() >= differing, true);
  for (const link of await page.locator(".facts a").all()) {
    assert.ok(statSync(join(pages, await link.getAttribute("href"))).size > 0);
  }
  assert.deepEqual(await axe(page), []);
}));
