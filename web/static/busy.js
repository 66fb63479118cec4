// A form that takes longer than a moment says that we are busy with it; one that brings a file says when it is there.
// The words come with the tag of this script. Without it every form works as well, in silence.
(() => {
  const words = document.currentScript.dataset;
  const MOMENT = 600;

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // Another script of ours sends this one.
    const { target: form, submitter } = event;
    form.querySelector(".site-busy")?.remove();
    const note = document.createElement("span");
    note.className = "site-busy";
    note.setAttribute("role", "status");
    submitter?.after(note);
    const soon = setTimeout(() => say(note, words.busy), MOMENT);
    if (!form.dataset.file) return;
    event.preventDefault();
    bring(form).then(
      () => {
        clearTimeout(soon);
        say(note, words.there);
      },
      () => form.submit(), // The browser shows the page that came instead.
    );
  });

  function say(note, text) {
    note.classList.toggle("site-busy--on", text === words.busy);
    note.textContent = text;
  }

  async function bring(form) {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok || answer.redirected) throw new Error("no file");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = form.dataset.file;
    link.click();
  }

  // Back to a page that was left while it was busy: it no longer is.
  addEventListener("pageshow", () => document.querySelectorAll(".site-busy").forEach((note) => note.remove()));
})();
