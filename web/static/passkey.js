// Passkeys: asks the browser for one, and sends what it says with the form. Without it, people use password and code.
(() => {
  const form = document.querySelector("form[data-passkey]");

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");

  const named = (keys) => (keys ?? []).map((key) => ({ ...key, id: bytes(key.id) }));

  async function create(options) {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: named(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    const response = {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
      transports: made.response.getTransports?.() ?? [],
    };
    return { made, response, extensions: JSON.stringify(made.getClientExtensionResults()) };
  }

  async function get(options) {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey });
    const response = {
      authenticatorData: text(made.response.authenticatorData),
      clientDataJSON: text(made.response.clientDataJSON),
      signature: text(made.response.signature),
      userHandle: text(made.response.userHandle ?? new ArrayBuffer(0)),
    };
    return { made, response };
  }

  async function ask() {
    const said = form.querySelector("[data-failed]");
    try {
      const { made, ...rest } = await { create, get }[form.dataset.passkey](JSON.parse(form.dataset.options));
      form.elements.credential.value = JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, ...rest });
      form.submit();
    } catch {
      // Refused, too late or not possible here: the browser does not tell a page which, so neither do we.
      said.textContent = said.dataset.failed;
      form.querySelector("[hidden]")?.removeAttribute("hidden");
    }
  }

  form.querySelector("button").addEventListener("click", ask);
  ask();
})();
