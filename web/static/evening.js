// Who is there, without waiting for the network: a tap shows at once and is sent as soon as that works, as often as it
// takes. Without this script every tap sends its form.
(() => {
  const { send: address, date } = document.currentScript.dataset;
  const AGAIN = 5000;
  const MOST = 200;
  const queue = [];
  let busy = false;
  let timer = 0;

  const byId = (id) => document.getElementById(id);
  const came = (form) => ["present", "late"].includes(form.dataset.is);
  const rows = () => [...document.querySelectorAll(".look-presence form")];
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const told = new FormData(form, event.submitter);
    if (form.closest(".look-presence")) mark(form, told.get("is"));
    else if ("guest" in form.dataset) bring(form, told);
    else return;
    event.preventDefault();
  });

  function mark(form, is) {
    const told = new FormData(form);
    const whom = told.get("wie")
      ? { who: Number(told.get("wie")) }
      : { walk_in: told.get("zomaar"), table: Number(told.get("tafel")) };
    paint(form, is);
    put({ ...whom, presence: is });
  }

  function bring(form, told) {
    const name = told.get("naam").trim();
    if (!name) return;
    const id = newId();
    const table = told.get("tafel");
    show(id, name, table);
    form.reset();
    form.elements.naam.focus();
    put({ id, walk_in: id, name, table: Number(table), presence: "present" });
  }

  function show(id, name, table) {
    const form = byId("guest").content.firstElementChild.cloneNode(true);
    form.id = `w-${id}`;
    form.elements.zomaar.value = id;
    form.elements.tafel.value = table;
    form.elements.naar.value = form.id;
    form.querySelector("bdi").textContent = name;
    document.querySelector(`[data-table="${table}"] .look-presence`).append(form);
    count();
  }

  function newId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function put(tap) {
    queue.push({ id: newId(), ...tap, date: Number(date), at: Date.now() });
    count();
    send();
  }

  function paint(form, is) {
    form.dataset.is = is;
    const button = form.querySelector(".look-present");
    button.value = came(form) ? "open" : "present";
    button.setAttribute("aria-pressed", String(came(form)));
    count();
  }

  function count() {
    const here = byId("count");
    here.textContent = fill(here.dataset.words, {
      here: rows().filter(came).length,
      all: rows().filter((form) => form.elements.wie || came(form)).length,
    });
    const unsent = byId("unsent");
    unsent.hidden = !queue.length;
    unsent.textContent = queue.length ? fill(unsent.dataset.words, { n: queue.length }) : "";
  }

  async function send() {
    if (busy || !queue.length) return;
    busy = true;
    clearTimeout(timer);
    try {
      const lot = queue.slice(0, MOST);
      const body = new FormData();
      body.set("csrf_token", document.querySelector("[name=csrf_token]").value);
      body.set("klok", Date.now());
      body.set("tikken", JSON.stringify(lot));
      const answer = await fetch(address, { method: "POST", body });
      const shut = answer.redirected || (answer.status >= 400 && answer.status < 500);
      if (shut) trouble("closed");
      if (shut || !answer.ok) throw new Error(answer.status);
      heard(await answer.json());
    } catch {
      timer = setTimeout(send, AGAIN);
    }
    busy = false;
    count();
    if (queue.length && !timer) send();
  }

  function heard(said) {
    const done = new Set(said.done);
    queue.splice(0, queue.length, ...queue.filter((tap) => !done.has(tap.id)));
    timer = 0;
    if (said.refused.length) trouble("refused");
    else if (said.minutes_off) trouble("clock", { n: Math.abs(said.minutes_off) });
    else byId("trouble").hidden = true;
    // What another device said since; not of whom this one still has something to say.
    for (const form of rows()) {
      const who = form.elements.wie?.value;
      const mine = queue.some((tap) => String(tap.who) === who);
      if (who && !mine && said.said[who] && said.said[who] !== form.dataset.is) paint(form, said.said[who]);
    }
  }

  function trouble(what, values = {}) {
    const place = byId("trouble");
    place.textContent = fill(place.dataset[what], values);
    place.hidden = false;
  }

  addEventListener("online", send);
  addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
})();
