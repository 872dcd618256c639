// Chromium, as it is started on a machine without a display and without a network.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The folder in which `.ci/run` made the pages. */
export const pages = process.env.WASI_HW_PAGES ?? join(import.meta.dirname, "../../../target/ci/pages");

/** Every way in which a page is looked at. */
export const looks = [360, 1920].flatMap((width) =>
  ["light", "dark"].flatMap((scheme) => [true, false].map((script) => ({ width, scheme, script }))));

/** A wide window, with script. */
export const wide = { width: 1920, scheme: "light", script: true };

/** Starts the browser; `close` ends it and removes its profile. */
async function start() {
  const profile = mkdtempSync(join(tmpdir(), "wasi-hw-browser-"));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", `--crash-dumps-dir=${profile}`],
  });
  return {
    /** Opens a file of `pages`, perhaps at an anchor. */
    async open(file, { width, scheme, script }, anchor = "") {
      const context = await browser.newContext({
        viewport: { width, height: 900 }, colorScheme: scheme, javaScriptEnabled: script,
      });
      const page = await context.newPage();
      page.script = script;
      page.asked = [];
      page.on("request", (request) => page.asked.push(request.url()));
      page.on("pageerror", (error) => page.asked.push(`error: ${error}`));
      await page.goto(pathToFileURL(join(pages, file)).href + anchor);
      return page;
    },
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * What axe finds, a line each. It looks at every element for seconds, and a whole suite has hundreds of cases that are made alike:
 * of those that passed some are left, and of long tables the first rows.
 */
export async function axe(page) {
  // Without script its timers stand still; the elements are the same.
  if (!page.script) return [];
  await page.evaluate(() => {
    const remove = (of) => of.slice(25).forEach((more) => more.remove());
    remove([...document.querySelectorAll(".case:not(.failed)")]);
    remove([...document.querySelectorAll("details.item")]);
    document.querySelectorAll("tbody, main > ul").forEach((list) => remove([...list.children]));
  });
  const found = await page.evaluate(`(() => { ${axeSource}; return axe.run({ resultTypes: ["violations"] }) })()`);
  return found.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html.slice(0, 200)} ${node.failureSummary}`));
}

/** The records of a report, by case. */
export function records(file) {
  const entries = readFileSync(join(pages, file), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  return new Map(entries.filter((entry) => entry.kind === "record").map((entry) => [entry.case, entry]));
}

/** How many cases are to be seen. */
export const shown = (page) => page.locator("details.case:visible").count();

let browser;
before(async () => { browser = await start(); });
after(async () => { await browser.close(); });

/** Opens a page, looks at it, and closes it. Nothing that it needs is elsewhere. */
export async function look(file, how, see, anchor) {
  const page = await browser.open(file, how, anchor);
  await see(page);
  assert.deepEqual(page.asked.filter((url) => !url.startsWith("file:")), []);
  await page.context().close();
}
