/*
 * A step of the form: saved while it is typed, long texts counted, one click sends once.
 * Every page works without it. Nothing is kept in the browser: many of these computers are shared.
 */
"use strict";

const form = document.querySelector("form.form");
const line = form.querySelector("[data-saved]"); // what is seen
const voice = form.querySelector("[data-spoken]"); // what is read aloud: only what changes

const PAUSE = 1500; // after the last key
const LONGEST = 10000; // while somebody types without a pause
const PATIENCE = 20000; // for an answer
const AGAIN_AFTER = [5, 10, 20, 40, 60]; // seconds
const KEPT_ALIVE = 15000; // characters: browsers let a page that closes send 64 kB

const OFFLINE = "Pas de connexion";
const DOWN = "Le site ne répond pas";
const SIGNED_OUT = "Vous n’êtes plus connecté·e. Vos mots restent sur cette page.";

const saves = "autosave" in form.dataset;
let typedAt = 0; // when the first word was typed that no body holds; 0: none
let body = null; // what is sent, and sent again as it was until an answer comes (see `post`)
let running = null; // the save under way
let trouble = ""; // why nothing can be saved now
let isOver = false; // this page saves no more by itself: somebody else wrote here
let leftOut = "unsaved" in form.dataset; // something typed here could not be kept
let failures = 0, wasTold = false, isLeaving = false, isHeld = false, insists = false, isGoing = false, timer = 0, ticking = 0;

// --- Telling ---------------------------------------------------------------------------------

function show(words, isBad = false) {
  clearInterval(ticking);
  line.textContent = words;
  line.classList.toggle("saved--bad", isBad);
}

function speak(words) {
  voice.textContent = words;
}

function told(words) {
  show(words);
  if (trouble) speak(`C’est revenu. ${words}.`);
  else if (!wasTold) speak("Vos réponses s’enregistrent au fur et à mesure.");
  wasTold = true;
  trouble = "";
}

function failed(why, seconds) {
  const words = `${why} : vos mots restent sur cette page`;
  const count = () => show(`${words}, nouvel essai dans ${seconds} s.`, true);
  count();
  ticking = setInterval(() => (--seconds > 0 ? count() : clearInterval(ticking)), 1000);
  if (trouble !== why) speak(`${words}. Nous réessayons.`);
  trouble = why;
}

function stopped(words) {
  show(words, true);
  if (trouble !== words) speak(words);
  trouble = words;
}

function signedOut() {
  stopped(SIGNED_OUT);
  const link = Object.assign(document.createElement("a"), { href: form.dataset.signIn, target: "_blank" });
  link.textContent = "Se connecter dans un nouvel onglet";
  line.append(" ", link, ", puis revenez ici.");
}

// --- Saving ----------------------------------------------------------------------------------

function typed() {
  if (!saves || isOver) return;
  typedAt = typedAt || Date.now();
  if (!running && !failures) later(Math.max(0, Math.min(PAUSE, typedAt + LONGEST - Date.now())));
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

function save() {
  clearTimeout(timer);
  if (!running && !isOver && (body || typedAt)) {
    running = attempt().finally(() => {
      running = null;
      if (typedAt && !trouble) later(document.hidden ? 0 : PAUSE);
    });
  }
  return running;
}

async function attempt() {
  if (!body) {
    body = new FormData(form);
    typedAt = 0;
  }
  const [status, answer] = await post();
  if (status === 200) {
    body = null;
    failures = 0;
    form.seen.value = answer.seen;
    leftOut = answer.left_out > 0;
    told(answer.told);
  } else if (status === 409) {
    isOver = true;
    stopped(answer.told);
  } else if (status === "out") {
    signedOut();
  } else {
    const seconds = AGAIN_AFTER[Math.min(failures++, AGAIN_AFTER.length - 1)];
    failed(status, seconds);
    later(seconds * 1000);
  }
}

/*
 * An answer that got lost does not say whether the words arrived. The same body is sent again until one comes: when it
 * had arrived, it changes nothing, and its answer says what to show as `seen` next. Newer words follow after that.
 */
async function post() {
  body.set("csrfmiddlewaretoken", token());
  const size = [...body.values()].join("").length;
  const options = {
    method: "POST",
    body,
    headers: { "X-Enregistrement": "1" },
    redirect: "manual",
    keepalive: size < KEPT_ALIVE,
    signal: AbortSignal.timeout && AbortSignal.timeout(PATIENCE),
  };
  try {
    const response = await fetch(location.pathname, options);
    if (response.type === "opaqueredirect" || [403, 404].includes(response.status)) return ["out"];
    if (![200, 409].includes(response.status)) return [DOWN];
    return [response.status, await response.json()];
  } catch {
    return [OFFLINE];
  }
}

/* Signing in again, in another tab, changes the token that the page was made with. */
function token() {
  const cookie = document.cookie.match(/csrf\w*=(\w+)/);
  return cookie ? cookie[1] : form.csrfmiddlewaretoken.value;
}

// --- Sending the page ------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  const waits = !isGoing && (running || (trouble && !isOver));
  isGoing = false;
  if (isLeaving || isHeld || waits) event.preventDefault();
  if (isLeaving || isHeld) return; // the second click
  if (waits) {
    hold(event.submitter);
    return;
  }
  isLeaving = true;
  clearTimeout(timer);
  form.csrfmiddlewaretoken.value = token();
  setTimeout(() => (isLeaving = false), 5000); // somebody may stop the page from loading
});

/* The save under way ends first, so that the page is sent with what that save has seen; without an answer it stays. */
async function hold(button) {
  isHeld = true;
  if (!trouble) show("Enregistrement…");
  await (running || save());
  isHeld = false;
  if (!trouble || isOver || (trouble === DOWN && insists)) {
    isGoing = true;
    form.requestSubmit(button);
  } else {
    insists = trouble === DOWN; // the next click leaves, whatever this script believes
    speak(line.textContent);
  }
}

addEventListener("beforeunload", (event) => {
  const isTooBig = running && body && [...body.values()].join("").length >= KEPT_ALIVE;
  const isUnsaved = trouble || leftOut || (running && typedAt) || isTooBig;
  if (isUnsaved && !isLeaving) event.preventDefault();
});

addEventListener("pageshow", (event) => {
  isLeaving = false;
  if (event.persisted && saves) {
    // « Back » shows the page as it was left: what was sent from it since is what it has seen.
    typedAt = Date.now();
    save();
  }
});

document.addEventListener("visibilitychange", () => {
  if (!isLeaving && (document.hidden || trouble)) save();
});
addEventListener("online", () => trouble && save());
form.addEventListener("input", typed);
form.addEventListener("change", typed);

// --- Counting what is left -------------------------------------------------------------------

for (const box of form.querySelectorAll("[data-limit], [data-words]")) {
  const words = Number(box.dataset.words);
  const limit = words || Number(box.dataset.limit);
  const counter = document.createElement("p");
  counter.className = "hint counter";
  box.after(counter);
  let pause = 0;

  const count = () => {
    const text = box.value.normalize("NFC").trim();
    const left = limit - (words ? text.split(/\s+/).filter(Boolean).length : [...text].length);
    const number = Math.abs(left).toLocaleString("fr");
    const what = (words ? "mot" : "caractère") + (Math.abs(left) > 1 ? "s" : "");
    const isNear = left <= limit / 10;
    const isShown = text && (words || left <= limit / 4);
    counter.textContent = !isShown ? "" : left < 0 ? `${number} ${what} de trop` : `Il reste ${number} ${what}`;
    counter.classList.toggle("counter--over", left < 0);
    return isNear && isShown;
  };
  count();
  box.addEventListener("input", () => {
    clearTimeout(pause);
    if (count()) pause = setTimeout(() => speak(counter.textContent), 1000);
  });
}
