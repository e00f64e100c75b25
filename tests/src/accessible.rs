//! What every page owes to people who cannot see it, cannot aim at it, or hold it in one hand: looked for in the real
//! browser, after every look a story takes at a page.

use serde_json::Value;

use crate::browser::{Browser, Outcome};

/// Names what a page owes and lacks.
const CHECK: &str = r##"
const wrong = [];
const name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.name ? "[" + e.name + "]" : "");
const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
const root = document.documentElement;
if (!root.lang) wrong.push("the page names no language");
if (root.dir !== (root.lang === "ar" ? "rtl" : "ltr")) wrong.push("the direction does not fit the language");
if (!document.title.trim()) wrong.push("the page has no title");
const heads = document.querySelectorAll("h1");
if (heads.length !== 1) wrong.push("the page has " + heads.length + " first headings");
if (document.querySelectorAll("main").length !== 1) wrong.push("the page has not one main part");
const ids = new Set();
for (const e of document.querySelectorAll("[id]")) {
  if (ids.has(e.id)) wrong.push("the id " + e.id + " stands twice");
  ids.add(e.id);
}
for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
  const said = (e.labels && [...e.labels].some((label) => label.textContent.trim())) || e.getAttribute("aria-label");
  if (!said) wrong.push(name(e) + " has no label");
  if (e.getAttribute("aria-invalid") === "true" && !e.getAttribute("aria-describedby"))
    wrong.push(name(e) + " is wrong, and nothing says why");
}
for (const attribute of ["aria-describedby", "aria-labelledby"])
  for (const e of document.querySelectorAll("[" + attribute + "]"))
    for (const id of e.getAttribute(attribute).split(/\s+/))
      if (!ids.has(id)) wrong.push(name(e) + " points to " + id + ", which is not there");
for (const e of document.querySelectorAll("a[href^='#']"))
  if (!ids.has(decodeURIComponent(e.hash.slice(1)))) wrong.push("a link leads to " + e.hash + ", which is not there");
for (const e of document.querySelectorAll("button, a[href]"))
  if (!e.textContent.trim() && !e.getAttribute("aria-label")) wrong.push(name(e) + " says nothing");
for (const e of document.querySelectorAll("[lang='']")) wrong.push(name(e) + " has an empty language");
if (root.scrollWidth > root.clientWidth) wrong.push("the page scrolls sideways");
for (const e of document.querySelectorAll(".scroll"))
  if (shown(e) && e.scrollWidth > e.clientWidth + 1 && root.clientWidth < 600) wrong.push("a table scrolls sideways");
const targets = "button, .button, select, textarea, summary, nav a, label.choice, input:not([type=hidden], [type=checkbox], [type=radio])";
for (const e of document.querySelectorAll(targets))
  if (shown(e) && e.getBoundingClientRect().height < 43.5)
    wrong.push(name(e) + " \"" + e.textContent.trim().slice(0, 30) + "\" is only " + e.getBoundingClientRect().height + " pixels high");
return wrong;
"##;

impl Browser {
    /// Looks at the page that is open: language and direction, one heading, fields with labels, problems tied to their
    /// fields, no id twice, no link to nowhere, nothing that scrolls sideways, nothing too small to touch.
    ///
    /// # Errors
    /// Everything that is missing, and on which page.
    pub async fn accessible(&self) -> Outcome<()> {
        let found = self.run(CHECK, Vec::new()).await?;
        let found: Vec<&str> = found.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if found.is_empty() {
            return Ok(());
        }
        Err(format!("{} owes its readers: {}", self.url().await?, found.join("; ")))
    }
}
