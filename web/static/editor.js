// The groups editor: everything here also works without it, by loading the page again.
(() => {
  const FRAGMENT = { "X-Fragment": "1" };
  let busy = false;

  const board = () => document.getElementById("board");

  function say(text) {
    const place = document.getElementById("editor-said");
    place.textContent = "";
    // A reader aloud notices a change, so the same sentence twice needs a pause between.
    setTimeout(() => { place.textContent = text; }, 50);
  }

  async function fetched(address, options = {}) {
    const answer = await fetch(address, { ...options, headers: FRAGMENT });
    const text = await answer.text();
    // 409: somebody else was first, and the board in the answer says so.
    if ((!answer.ok && answer.status !== 409) || text.trimStart().startsWith("<!doctype")) throw new Error(answer.status);
    return text;
  }

  function swap(text) {
    const open = [...board().querySelectorAll("details[open][id]")].map((one) => one.id);
    const before = document.activeElement?.id;
    const holder = document.createElement("template");
    holder.innerHTML = text;
    board().replaceWith(holder.content.querySelector("#board"));
    open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    prepare();
    say(board().dataset.said);
    focusOn(before);
  }

  function focusOn(before) {
    const wanted = document.getElementById(board().dataset.focus);
    const alert = document.getElementById("overtaken");
    // Who pressed a small button may want to press the same one again.
    const kept = /^(lock-|undo$|redo$)/.test(before ?? "") ? document.getElementById(before) : null;
    const place = alert || kept || wanted?.querySelector("button") || wanted || board();
    // Nobody can be on something that is folded away.
    place.closest("details")?.setAttribute("open", "");
    place.focus({ preventScroll: true });
    if (place !== board()) place.scrollIntoView({ block: "nearest" });
  }

  async function send(form, submitter) {
    if (busy) return;
    busy = true;
    board().setAttribute("aria-busy", "true");
    const data = new FormData(form);
    if (submitter?.name) data.set(submitter.name, submitter.value);
    try {
      swap(await fetched(submitter?.getAttribute("formaction") || form.getAttribute("action"), { method: "POST", body: data }));
    } catch {
      failed();
    } finally {
      busy = false;
    }
  }

  function failed() {
    const text = board().dataset.lost;
    board().removeAttribute("aria-busy");
    const note = document.createElement("p");
    note.className = "utrecht-alert utrecht-alert--error";
    note.setAttribute("role", "alert");
    note.textContent = text;
    board().prepend(note);
    note.scrollIntoView({ block: "center" });
  }

  // The small form of one person or one table, put in its place.
  async function choose(button) {
    const place = button.closest("li, article");
    const shown = place.querySelector(":scope > .editor-panel");
    if (shown) return close(shown, button);
    board().querySelectorAll(".editor-panel").forEach((panel) => close(panel));
    const query = new URLSearchParams([[button.name, button.value]]);
    try {
      (place.matches("li") ? place : button.closest("header")).insertAdjacentHTML(
        place.matches("li") ? "beforeend" : "afterend", await fetched(`${board().dataset.menu}?${query}`));
    } catch {
      return failed();
    }
    button.setAttribute("aria-expanded", "true");
    place.querySelector(".editor-panel select").focus();
  }

  function close(panel, button = opener(panel)) {
    panel.remove();
    button?.setAttribute("aria-expanded", "false");
    button?.focus();
  }

  function opener(panel) {
    return panel.closest("li, article").querySelector("button[form=pick]");
  }

  async function load(details) {
    const holder = details.querySelector(":scope > div");
    if (!details.open || holder.dataset.loaded) return;
    holder.dataset.loaded = "1";
    try {
      holder.innerHTML = await fetched(details.dataset.load);
    } catch {
      delete holder.dataset.loaded;
    }
  }

  function filter() {
    const field = document.getElementById("filter");
    const wanted = field.value.trim().toLowerCase();
    board().querySelectorAll(".editor-person").forEach((one) => {
      one.classList.toggle("editor-hit", Boolean(wanted) && one.dataset.name.includes(wanted));
    });
    board().querySelectorAll(".editor-card, .editor-session").forEach((one) => {
      one.hidden = Boolean(wanted) && !one.querySelector(".editor-hit");
    });
    board().querySelectorAll(".editor-reason:has(.editor-hit)").forEach((one) => one.setAttribute("open", ""));
  }

  let sought = "";

  function prepare() {
    const field = document.getElementById("filter");
    field.parentElement.hidden = false;
    field.value = sought;
    if (sought) filter();
    field.addEventListener("input", () => { sought = field.value; filter(); });
    board().querySelectorAll(".editor-js").forEach((one) => { one.hidden = false; });
    board().querySelectorAll("details[data-load]").forEach((one) => {
      one.addEventListener("toggle", () => load(one));
      if (one.open) load(one);
    });
    if (window.Sortable && document.getElementById("move")) board().querySelectorAll(".editor-people").forEach(sortable);
  }

  function sortable(list) {
    window.Sortable.create(list, {
      group: "people",
      sort: false,
      animation: 0,
      draggable: ".editor-person",
      filter: ".editor-panel, .editor-lock",
      preventOnFilter: false,
      // Buttons cannot be dragged in every browser by its own means.
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 5,
      delay: 200,
      delayOnTouchOnly: true,
      scroll: true,
      scrollSensitivity: 80,
      ghostClass: "editor-ghost",
      fallbackClass: "editor-drag",
      onMove: () => !busy,
      onEnd: dropped,
    });
  }

  function dropped({ item, from, to }) {
    if (from === to) return;
    const form = document.getElementById("move");
    form.elements.wie.value = item.dataset.seat;
    form.elements.naar.value = to.dataset.place;
    send(form);
  }

  document.addEventListener("submit", (event) => {
    const whole = event.submitter?.hasAttribute("data-whole");
    if (!event.target.closest("#board") || whole || event.defaultPrevented) return;
    event.preventDefault();
    if (event.submitter?.getAttribute("aria-disabled") === "true") return;
    if (event.target.id === "pick") choose(event.submitter);
    else send(event.target, event.submitter);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-close]");
    if (!link) return;
    event.preventDefault();
    close(link.closest(".editor-panel"));
  });

  document.addEventListener("keydown", (event) => {
    const panel = event.target.closest?.(".editor-panel");
    if (event.key === "Escape" && panel) return close(panel);
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input, textarea, select")) return;
    const key = event.key.toLowerCase();
    const wanted = key === "z" && !event.shiftKey ? "undo" : key === "y" || (key === "z" && event.shiftKey) ? "redo" : "";
    const button = wanted && document.getElementById(wanted);
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  prepare();
})();
