/*
 * The reading page: saved as one goes, and read with the keyboard alone. Every page works without it.
 * Nothing of what is written is kept in the browser; only whether the keys are switched off.
 */
"use strict";

const form = document.querySelector("form.opine");
const line = form.querySelector("[data-saved]");
const give = form.querySelector("[type=submit]");
const criteria = [...form.querySelectorAll(".criterion")];
const comment = form.querySelector("textarea");

const PAUSE = 1500; // after the last key of a comment
const HASTE = 600; // a second press on a key that has just left the file before
const OUTLIVES = 15000; // signs: a browser refuses to finish a longer save after the page is gone
const PATIENCE = 15000; // for an answer
const AGAIN_AFTER = [3, 5, 10, 20, 40]; // seconds
const LATER = "Pas encore enregistré, nouvel essai…";

form.querySelector("[data-by-hand]").hidden = true;

// --- Saving ----------------------------------------------------------------------------------

let isDirty = false, isTouched = false, isLeaving = false, isOver = false, running = null, timer = 0, failures = 0;

function tell(words, isBad = false) {
  if (line.textContent !== words) line.textContent = words;
  line.classList.toggle("saved--bad", isBad);
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

function changed(pause) {
  isDirty = isTouched = true;
  if (!failures) later(pause);
}

function save() {
  clearTimeout(timer);
  if (!running && isDirty && !isOver && !isLeaving) {
    running = attempt().finally(() => {
      running = null;
      if (isDirty && !failures && !isLeaving) later(PAUSE);
    });
  }
  return running;
}

async function attempt() {
  isDirty = false;
  try {
    const response = await fetch(form.dataset.save, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Enregistrement": "1" },
      redirect: "manual",
      keepalive: comment.value.length < OUTLIVES,
      signal: AbortSignal.timeout && AbortSignal.timeout(PATIENCE),
    });
    if (response.status === 200) {
      failures = 0;
      tell((await response.json()).told);
    } else if (response.status === 409) {
      stop((await response.json()).told);
    } else if (response.status === 404) {
      stop("Ce dossier ne vous est plus confié : rien ne s’enregistre plus ici.");
    } else if (response.type === "opaqueredirect" || response.status === 403) {
      signedOut();
    } else {
      again();
    }
  } catch {
    again();
  }
}

function again() {
  isDirty = true;
  tell(LATER, true);
  later(1000 * AGAIN_AFTER[Math.min(failures++, AGAIN_AFTER.length - 1)]);
}

function stop(words) {
  isOver = true;
  tell(words, true);
}

function signedOut() {
  isDirty = true;
  failures++;
  tell("Vous n’êtes plus connecté·e. Ce que vous avez écrit reste sur cette page. ", true);
  const link = Object.assign(document.createElement("a"), { href: form.dataset.signIn, target: "_blank" });
  link.textContent = "Se connecter dans un nouvel onglet";
  line.append(link, ", puis revenez ici.");
}

form.addEventListener("change", (event) => event.target.type === "radio" && changed(0));
comment.addEventListener("input", () => changed(PAUSE));
addEventListener("online", () => failures && save());
document.addEventListener("visibilitychange", () => {
  if (document.hidden || failures) save();
});
addEventListener("beforeunload", (event) => {
  if (isDirty && failures && !isLeaving && !isOver) event.preventDefault();
});
addEventListener("pageshow", (event) => {
  isLeaving = false;
  if (event.persisted) location.reload(); // gone back to: what it shows may have been given since
});

/* One click gives once, and what is being saved arrives before: a save that came after would say « not given ». */
form.addEventListener("submit", async (event) => {
  if (isLeaving) return event.preventDefault();
  clearTimeout(timer);
  if (running) {
    event.preventDefault();
    const button = event.submitter;
    await running;
    return form.requestSubmit(button);
  }
  isLeaving = true;
  setTimeout(() => (isLeaving = false), 5000); // somebody may stop the page from loading
});

// --- Keys ------------------------------------------------------------------------------------

const dialog = document.querySelector("dialog.keys");
const button = form.querySelector("[data-keys-button]");
const isOn = dialog.querySelector("input");
const KEPT = "lecture-raccourcis";

button.hidden = false;
button.addEventListener("click", () => dialog.showModal());
try {
  isOn.checked = localStorage.getItem(KEPT) !== "non";
} catch {}
isOn.addEventListener("change", () => {
  try {
    localStorage.setItem(KEPT, isOn.checked ? "oui" : "non");
  } catch {}
});

const arrivedAt = performance.now();
const picked = (criterion) => criterion.querySelector("input:checked");

/* Where one is: the criterion that has the focus, else the first without a score. */
function current() {
  return document.activeElement.closest(".criterion") || criteria.find((criterion) => !picked(criterion)) || criteria[0];
}

function goTo(element) {
  element.focus();
  element.scrollIntoView({ block: "nearest" });
}

function enter(criterion) {
  goTo(picked(criterion) || criterion.querySelector("input"));
}

function score(value) {
  const criterion = current();
  const radio = criterion.querySelector(`input[value="${value}"]`);
  if (!radio.checked) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const next = criteria[criteria.indexOf(criterion) + 1];
  if (next) enter(next);
  else goTo(give);
}

function giveIt() {
  if (!isTouched && performance.now() - arrivedAt < HASTE) return;
  const missing = criteria.find((criterion) => !picked(criterion));
  if (!missing) return form.requestSubmit(give);
  if (!missing.querySelector(".errorlist")) {
    const words = { className: "errorlist", textContent: "Il manque une note ici : de 1 à 5." };
    const error = Object.assign(document.createElement("p"), words);
    error.setAttribute("role", "alert");
    missing.querySelector(".scale").before(error);
  }
  enter(missing);
}

form.addEventListener("change", (event) => {
  const criterion = event.target.closest(".criterion");
  criterion?.classList.remove("criterion--bad");
  criterion?.querySelector(".errorlist")?.remove();
});

const isTyping = (element) => element.matches("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target === comment) return goTo(give);
  const isOurs = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  if (!isOurs || dialog.open || isTyping(event.target)) return;
  if (event.key === "?") dialog.showModal();
  else if (!isOn.checked) return;
  else if (/^[1-5]$/.test(event.key)) score(event.key);
  else if (/^Digit[1-5]$/.test(event.code) && !event.shiftKey) score(event.code.at(-1)); // a French keyboard's upper row
  else if (event.key === "n") giveIt();
  else if (event.key === "c") goTo(comment);
  else return;
  event.preventDefault();
});

// --- Arriving --------------------------------------------------------------------------------

const trouble = document.querySelector(".error-summary");
if (trouble) trouble.focus();
else if (!location.hash) document.querySelector("#dossier").focus({ preventScroll: true });
