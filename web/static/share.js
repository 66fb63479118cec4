// Share or copy by what the browser itself offers for it; where it offers nothing, the button stays away.
(() => {
  const share = document.querySelector("[data-share]");
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => {
      const { origin, pathname } = location;
      navigator.share({ title: document.title, url: origin + pathname }).catch(() => {});
    });
  }
  for (const button of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      button.querySelector("span").textContent = button.dataset.done;
    });
  }
})();
