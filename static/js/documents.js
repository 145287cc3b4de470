/*
 * The step of documents: a file leaves as soon as it is chosen, with its progress; the state of those given follows by
 * itself. The page works without it, and this script knows no other address than the page's: whatever is sent, the
 * server answers with the page as it stands, and its documents take the place of those shown here.
 */
"use strict";

const papers = document.querySelector("[data-documents]");
const voice = document.querySelector("[data-spoken]");
const maxSize = Number(papers.dataset.maxSize);

const STALLED_AFTER = 90; // seconds without one more byte sent, or without an answer: a slow network is no reason to give up
const AGAIN_AFTER = [3, 6, 12, 24, 48]; // seconds, when the network drops
const ASK_AFTER = [3, 3, 5, 8, 13, 21, 34, 55]; // seconds, while a file is being verified; then no more
const TOO_LARGE = "Ce fichier pèse plus de 10 Mo. Enregistrez-le dans une qualité plus légère, ou partagez-le en plusieurs fichiers.";
const TOO_MANY = "Trop de fichiers à la fois\u00a0: ce qui dépasse n’est pas ajouté.";

const waiting = []; // { id, file, line }: chosen, not arrived yet
let isSending = false, asked = 0, timer = 0;

// --- Telling ---------------------------------------------------------------------------------

function speak(words) {
  voice.textContent = words;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const slotOf = (id) => document.getElementById(id);

function complain(id, words) {
  const box = slotOf(id).querySelector("[data-error]");
  box.hidden = false;
  box.replaceChildren(element("span", { className: "visually-hidden", textContent: "Erreur : " }), words);
  slotOf(id).classList.add("paper--bad");
  slotOf(id).querySelector("input[type=file]").setAttribute("aria-invalid", "true");
  speak(words);
}

function forgive(id) {
  const box = slotOf(id).querySelector("[data-error]");
  if (box) box.hidden = true;
  slotOf(id).classList.remove("paper--bad");
}

// --- Choosing --------------------------------------------------------------------------------

function prepare() {
  for (const form of papers.querySelectorAll("[data-upload]")) {
    const input = form.querySelector("input[type=file]");
    input.multiple = Number(form.dataset.left) > 1;
    form.querySelector("button").hidden = true;
    input.onchange = () => chosen(form.closest("[data-slot]").id, form, input);
    form.onsubmit = (event) => event.preventDefault();
  }
}

function chosen(id, form, input) {
  const left = Number(form.dataset.left) - waiting.filter((one) => one.id === id).length;
  const files = [...input.files];
  input.value = "";
  forgive(id);
  if (files.length > left) complain(id, TOO_MANY);
  for (const file of files.slice(0, Math.max(0, left))) {
    if (file.size > maxSize) complain(id, `«\u00a0${file.name}\u00a0»\u00a0: ${TOO_LARGE}`);
    else waiting.push({ id, file, line: null, failures: 0 });
  }
  drawAll();
  sendNext();
}

/* The lines of what has not arrived; drawn anew each time the page's own lines are swapped. */
function drawAll() {
  for (const one of waiting) {
    const list = slotOf(one.id).querySelector("[data-files]");
    one.line = one.line || line(one);
    if (one.line.parentNode !== list) list.append(one.line);
    list.hidden = false;
  }
}

function line(one) {
  const bar = element("progress", { max: 100, value: 0 });
  bar.setAttribute("aria-label", `Envoi de ${one.file.name}`);
  const words = element("span", { className: "paper__percent", textContent: "en attente" });
  return element(
    "li",
    { className: "paper__file paper__file--going", bar, words },
    element("span", { className: "paper__name", textContent: one.file.name }),
    bar,
    words,
  );
}

// --- Sending ---------------------------------------------------------------------------------

function sendNext() {
  if (isSending || !waiting.length) return;
  isSending = true;
  send(waiting[0]);
}

function send(one) {
  const form = slotOf(one.id).querySelector("[data-upload]");
  if (!form) return arrived(one); // the last place was taken from another tab: the page says so
  const body = new FormData(form);
  body.set("file", one.file, one.file.name);
  body.set("csrfmiddlewaretoken", token(form));
  const request = new XMLHttpRequest();
  const began = performance.now();
  let spoken = 0;
  const isAlive = () => (request.timeout = performance.now() - began + STALLED_AFTER * 1000);
  request.upload.onprogress = (event) => {
    isAlive();
    if (!event.lengthComputable) return;
    const percent = Math.floor((100 * event.loaded) / event.total);
    one.line.bar.value = percent;
    one.line.words.textContent = `${percent}\u00a0%`;
    if (percent >= spoken + 25) {
      spoken = percent - (percent % 25);
      speak(`${one.file.name}\u00a0: ${percent}\u00a0% envoyés`);
    }
  };
  request.onload = () => answered(one, request);
  request.onerror = request.ontimeout = () => dropped(one);
  request.open("POST", form.getAttribute("action"));
  isAlive();
  request.send(body);
}

function answered(one, request) {
  if ([200, 422, 503].includes(request.status)) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (page.querySelector("[data-documents]")) {
      const words = said(page, one.id); // before the slots leave that page for this one
      arrived(one);
      swap(page);
      speak(words);
      return;
    }
  }
  if (request.status >= 500) dropped(one);
  else stop(one); // signed out, or sent in another tab
}

function arrived(one) {
  waiting.shift();
  one.line.remove();
  isSending = false;
  asked = 0;
  sendNext();
}

/* The network drops in the metro: the same file is sent again, and one that had arrived is there once. */
function dropped(one) {
  const seconds = AGAIN_AFTER[Math.min(one.failures++, AGAIN_AFTER.length - 1)];
  const words = `Pas de connexion\u00a0: nouvel essai dans ${seconds}\u00a0s`;
  one.line.words.textContent = words;
  if (one.failures === 1) speak(`${words}. Gardez cette page ouverte.`);
  clearTimeout(one.timer);
  one.timer = setTimeout(() => send(one), seconds * 1000);
  one.again = () => {
    clearTimeout(one.timer);
    one.again = null;
    send(one);
  };
}

addEventListener("online", () => waiting[0] && waiting[0].again && waiting[0].again());

/* Nothing more can be sent from this page, nor kept by warning before it is left. */
function stop(one) {
  for (const other of waiting.splice(0)) other.line.words.textContent = "Ce fichier n’a pas pu être envoyé. ";
  one.line.words.append(element("a", { href: location.href, textContent: "Recharger la page" }));
  speak("Ce fichier n’a pas pu être envoyé. Rechargez la page.");
}

function token(form) {
  const cookie = document.cookie.match(/csrf\w*=(\w+)/);
  return cookie ? cookie[1] : form.csrfmiddlewaretoken.value;
}

addEventListener("beforeunload", (event) => {
  if (waiting.length) event.preventDefault();
});

// --- The page as it stands -------------------------------------------------------------------

/*
 * Each document asked is swapped whole, unless nothing of it has changed: what has the focus keeps it when it can. While
 * one merely asks for news (`keepsErrors`), an error that is being read stays.
 */
function swap(page, keepsErrors = false) {
  for (const slot of page.querySelectorAll("[data-slot]")) {
    const here = slotOf(slot.id);
    if (!here || bare(here) === bare(slot)) continue;
    if (keepsErrors && here.querySelector("[data-error]:not([hidden])")) {
      here.querySelector("[data-files]").replaceWith(slot.querySelector("[data-files]"));
      continue;
    }
    const focused = here.contains(document.activeElement) ? document.activeElement.id : null;
    here.replaceWith(document.adoptNode(slot));
    if (focused !== null) (document.getElementById(focused) || slot.querySelector("input[type=file], [tabindex]"))?.focus();
  }
  prepare();
  drawAll();
  follow();
}

/* What a slot says, without the tokens of its forms nor what this script wrote into it. */
function bare(slot) {
  const copy = slot.cloneNode(true);
  copy.querySelectorAll("[name=csrfmiddlewaretoken], .paper__file--going").forEach((one) => one.remove());
  return copy.querySelector("[data-files]").textContent + copy.querySelector("[data-error]")?.textContent + Boolean(copy.querySelector("form[data-upload]"));
}

/* What the server says of what was just sent: its error next to the box, or its message at the head of the page. */
function said(page, id) {
  const error = page.getElementById(id)?.querySelector("[data-error]:not([hidden])");
  const message = page.querySelector(".messages li");
  return (error || message || { textContent: "" }).textContent.trim();
}

// --- Following what is being verified --------------------------------------------------------

function follow() {
  clearTimeout(timer);
  if (document.hidden || asked >= ASK_AFTER.length || !papers.querySelector('[data-state="RECEIVED"]')) return;
  timer = setTimeout(ask, ASK_AFTER[asked] * 1000);
}

async function ask() {
  asked += 1;
  try {
    const response = await fetch(location.pathname + location.search, { redirect: "error" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const before = states();
    if (response.ok && page.querySelector("[data-documents]")) swap(page, true);
    const now = states();
    const settled = [...before].filter(([name, state]) => state === "RECEIVED" && now.get(name) && now.get(name) !== state);
    if (settled.length) speak(settled.map(([name]) => (now.get(name) === "CLEAN" ? `${name}\u00a0: vérifié.` : `${name} ne peut pas servir\u00a0: lisez pourquoi sous son nom.`)).join(" "));
  } catch {
    // no network: the next turn asks again
  }
  follow();
}

function states() {
  return new Map([...papers.querySelectorAll("[data-state]")].map((one) => [one.querySelector(".paper__name").textContent, one.dataset.state]));
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) asked = 0;
  follow();
});

prepare();
follow();
