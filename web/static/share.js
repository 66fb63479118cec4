// Share this page by what the phone itself offers for it; where it offers nothing, the button stays away.
(() => {
  const share = document.querySelector("[data-share]");
  if (share && navigator.share) {
    share.hidden = false;
    share.addEventListener("click", () => {
      const { origin, pathname } = location;
      navigator.share({ title: document.title, url: origin + pathname }).catch(() => {});
    });
  }
})();
