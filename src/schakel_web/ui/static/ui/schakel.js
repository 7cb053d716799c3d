/* Small help beside pages that work without it: signals that wait for a network, and keys in the weekly meeting. */
"use strict";

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});

/* --- signals that wait on this device --- */

const waiting = {
  open: () => new Promise((resolve, reject) => {
    const asked = indexedDB.open("schakel", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("signals", { keyPath: "once" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  }),
  async run(mode, work) {
    const store = (await this.open()).transaction("signals", mode).objectStore("signals");
    return new Promise((resolve, reject) => {
      const asked = work(store);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  },
  async all() { // only one's own: on a device that is shared nobody reads or sends what somebody else wrote
    const rows = await this.run("readonly", (store) => store.getAll());
    return rows.filter((signal) => signal.user === document.body.dataset.user);
  },
  keep(signal) { return this.run("readwrite", (store) => store.put(signal)); },
  drop(once) { return this.run("readwrite", (store) => store.delete(once)); },
};

const place = () => document.getElementById("wachtend");
const words = () => JSON.parse(document.getElementById("woorden").textContent);

function say(text, actions = []) {
  const here = place();
  here.textContent = text;
  for (const [label, act] of actions) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = label;
    button.addEventListener("click", act);
    here.append(" ", button);
  }
  here.hidden = !text;
}

function token() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie ? cookie.split("=")[1] : "";
}

async function post(address, fields, when = "now") {
  const body = new URLSearchParams(fields);
  body.delete("csrfmiddlewaretoken");
  const response = await fetch(address, {
    method: "POST", body, redirect: "follow", signal: AbortSignal.timeout(10000),
    headers: { "X-Schakel-Queue": when, "X-CSRFToken": token() },
  });
  if (response.status === 201) return { sent: true, ...(await response.json()) };
  if (response.status === 422) return { refused: true };
  if (response.redirected || response.status === 403) return { login: true };
  throw new Error(`status ${response.status}`);
}

let sending = false;
async function sendAll() {
  if (sending || !("indexedDB" in window) || !document.body.dataset.user) return show();
  sending = true;
  try {
    for (const signal of await waiting.all()) {
      if (signal.refused) continue;
      const answer = await post(signal.address, signal.fields, "later");
      if (answer.sent) {
        await waiting.drop(signal.once);
        await show(`${words().sent} ${answer.code}`);
      } else if (answer.refused) {
        await waiting.keep({ ...signal, refused: true });
      } else {
        news = words().login;
        break;
      }
    }
  } catch { /* still no network: they keep waiting */ } finally { sending = false; }
  return show();
}

let news = "";
async function show(more = "") {
  if (!place() || !("indexedDB" in window)) return;
  if (more) news = more;
  const rows = await waiting.all();
  const refused = rows.find((signal) => signal.refused);
  const here = document.querySelector("form[data-queue]");
  const parts = [news || (here && !navigator.onLine && !rows.length ? words().offline : "")];
  const actions = [];
  if (rows.length) parts.push(words().waiting.replace("%", rows.length));
  if (refused) {
    parts.push(words().refused);
    actions.push([words().change, () => change(refused)]);
  }
  if (rows.length) actions.push([words().forget, async () => {
    if (!window.confirm(words().sure)) return;
    for (const signal of await waiting.all()) await waiting.drop(signal.once);
    news = "";
    show();
  }]);
  say(parts.filter(Boolean).join(" "), actions);
}

async function change(signal) {
  const form = document.querySelector("form[data-queue]");
  if (!form) { window.location = signal.address; return; }
  for (const [name, value] of signal.fields) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field && !["csrfmiddlewaretoken", "themes"].includes(name)) field.value = value;
  }
  await waiting.drop(signal.once);
  form.elements.namedItem("text").focus();
  form.elements.namedItem("text").dispatchEvent(new Event("change", { bubbles: true })); // its themes are suggested again
  show();
}

function fresh(form) {
  const once = form.elements.namedItem("once");
  if (once && crypto.randomUUID) once.value = crypto.randomUUID(); // also on a page that was kept: its own was used
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-forget]") && "caches" in window) await caches.delete("pages");
  if (!form.matches("form[data-queue]") || !("indexedDB" in window)) return;
  event.preventDefault();
  const fields = [...new FormData(form, event.submitter)].map(([name, value]) => [name, String(value)]);
  try {
    const answer = await post(form.getAttribute("action") || window.location.pathname, fields);
    if (answer.sent) { window.location = "/signaal/bedankt/"; return; }
    if (answer.login) { await wait(form, fields, words().login); return; }
    HTMLFormElement.prototype.submit.call(form);
  } catch {
    await wait(form, fields);
  }
});

async function wait(form, fields, why = "") {
  if (!fields.some(([name, value]) => (name === "themes" || name === "other_theme") && value)) {
    say(words().theme); // without a network no theme is suggested
    form.elements.namedItem("other_theme").focus();
    return;
  }
  const { user } = document.body.dataset;
  const now = new Date(); // noticed today, whenever it can be sent
  const day = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  const dated = fields.map(([name, value]) => [name, name === "date" && !value ? day : value]);
  await waiting.keep({
    once: form.elements.namedItem("once").value, user, address: window.location.pathname, fields: dated,
  });
  form.reset();
  fresh(form);
  document.getElementById("gelezen").replaceChildren();
  await show(why);
  place().focus();
}

for (const form of document.querySelectorAll("form[data-queue]")) fresh(form);
window.addEventListener("online", sendAll);
window.addEventListener("offline", () => show());
setInterval(() => { if (!place().hidden) sendAll(); }, 15000);
sendAll();

/* --- a file that is being read --- */

for (const form of document.querySelectorAll("form[enctype='multipart/form-data']")) {
  form.addEventListener("submit", () => { form.querySelector("[data-being-read]").hidden = false; });
}

/* --- the menu on a small screen --- */

const toggle = document.querySelector(".top__toggle");
if (toggle) {
  const menu = document.getElementById(toggle.getAttribute("aria-controls"));
  const set = (open) => {
    menu.classList.toggle("top__menu--open", open);
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle.addEventListener("click", () => set(toggle.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.contains(document.activeElement)) { set(false); toggle.focus(); }
  });
}

/* --- a passkey that did not work, or that somebody did not want to use --- */

document.addEventListener("allauth.error", (event) => {
  const place = document.querySelector("[data-key-failed]");
  if (!place) return;
  event.preventDefault();
  place.hidden = false;
  place.textContent = place.dataset.keyFailed;
});

/* --- keys on the board of the meeting --- */

const board = document.querySelector("[data-board]");
if (board) {
  const items = [...board.querySelectorAll("[data-item]")];
  const keys = document.querySelector("[data-keys]");
  let at = -1;
  const to = (number) => {
    at = Math.max(0, Math.min(items.length - 1, number));
    items[at]?.focus({ preventScroll: true });
    items[at]?.scrollIntoView({ block: "center" });
  };
  const decide = (event) => {
    const field = items[at]?.querySelector("input[name=text]");
    if (field) { event.preventDefault(); field.focus(); }
  };
  const whole = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen());
  const act = {
    j: () => to(at + 1), k: () => to(at - 1), b: decide, v: () => whole().catch(() => {}),
    "?": () => { if (keys) keys.open = !keys.open; },
  };
  board.addEventListener("focusin", (event) => {
    const inside = items.indexOf(event.target.closest("[data-item]"));
    if (inside >= 0) at = inside;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { items[at]?.focus(); return; }
    if (!event.target.matches("input, textarea, select")) act[event.key]?.(event);
  });
  const back = items.findIndex((item) => `#${item.id}` === window.location.hash);
  if (back >= 0) to(back); // after a decision: where one was
}

/* --- the clock of the meeting: by the time of the server, silent, and said aloud at five minutes, one, and the end --- */

const clock = document.querySelector("[data-clock]");
if (clock) {
  const over = Date.now() + 1000 * clock.dataset.clock;
  const [shown, aloud] = clock.querySelectorAll("[role]");
  const moments = [[0, clock.dataset.over], [60, clock.dataset.one], [300, clock.dataset.five]];
  let before = 0;
  const tick = () => {
    const left = Math.max(0, Math.round((over - Date.now()) / 1000));
    const passed = moments.find(([moment]) => before > moment && left <= moment);
    if (passed) aloud.textContent = passed[1];
    shown.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : clock.dataset.over;
    before = left;
  };
  tick();
  clock.open = sessionStorage.getItem("clock") !== "closed"; // who does not want to see it keeps that after a decision
  clock.addEventListener("toggle", () => sessionStorage.setItem("clock", clock.open ? "open" : "closed"));
  clock.hidden = false;
  setInterval(tick, 1000);
}
