// After a form came back with errors: put a reader of the screen or keyboard at the list of errors.
(() => {
  document.getElementById("error-summary")?.focus();
})();
