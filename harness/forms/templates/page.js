"use strict";
const q = document.getElementById("q"), n = document.getElementById("n");
const cases = [...document.querySelectorAll(".case")];
const texts = cases.map((c) => (c.querySelector("summary").textContent + " " + c.querySelector(".st").textContent).toLowerCase());
document.getElementById("find").hidden = false;
q.addEventListener("input", () => {
  const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  cases.forEach((c, i) => {
    const fits = words.every((w) => texts[i].includes(w));
    c.classList.toggle("out", !fits);
    found += fits;
  });
  n.textContent = words.length ? found + " found" : "";
});
const show = () => {
  const at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (at && at.classList.contains("case")) { at.open = true; at.scrollIntoView(); }
};
addEventListener("hashchange", show);
show();
addEventListener("beforeprint", () => document.querySelectorAll(".case.failed").forEach((c) => { c.open = true; }));
