"use strict";
const by = (id) => document.getElementById(id), q = by("q"), n = by("n");
const cases = [...document.querySelectorAll(".case")];
const text = (c, of) => [...c.querySelectorAll(of)].map((e) => e.textContent).join(" ");
const texts = [];
by("find").hidden = false;
q.addEventListener("input", () => {
  const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  cases.forEach((c, i) => {
    texts[i] ??= text(c, "summary,.st>li,.why").toLowerCase();
    const fits = words.every((w) => texts[i].includes(w));
    c.classList.toggle("out", !fits);
    found += fits;
  });
  n.textContent = words.length ? found + " found" : "";
});
// A browser that opens what an anchor leads into needs none of this.
const show = () => {
  const at = by(decodeURIComponent(location.hash.slice(1)));
  const holder = at && at.closest("details");
  if (holder && !holder.open) { holder.open = true; at.scrollIntoView(); }
};
addEventListener("hashchange", show);
show();
// What opens shows the first difference of its wires, which may be far to the right.
const reach = (e) => {
  for (const box of e.target.querySelectorAll?.(".scroll:has(.wires .d)") ?? []) {
    const mark = box.querySelector(".wires .d").getBoundingClientRect();
    box.scrollLeft += mark.left - box.getBoundingClientRect().left - box.clientWidth / 3;
  }
};
addEventListener("toggle", reach, true);
addEventListener("beforeprint", () => document.querySelectorAll(".case.failed").forEach((c) => { c.open = true; }));
