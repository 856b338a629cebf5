// Sends a chosen file piece by piece, and goes on where it stopped when the network comes back.
// Without this script the form sends it whole.
(() => {
  "use strict";

  const PIECE = 256 * 1024;
  const PATIENCE = 30 * 1000; // the longest wait between two attempts
  const ATTEMPTS = 40;
  const input = document.querySelector("input[type=file][data-pieces]");
  if (!input || !window.fetch) return;
  const form = input.form;
  const hint = document.getElementById(input.dataset.hint);
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const bar = document.createElement("progress");
  let sending = false;

  class Refused extends Error {}
  class SignedOut extends Error {}

  const say = (text, isProblem = false) => {
    hint.textContent = text;
    hint.classList.toggle("is-problem", isProblem);
  };

  // The same file chosen again is known again: name, size and date, not its content.
  const fingerprint = (file) => {
    const text = `${file.name}|${file.size}|${file.lastModified}`;
    return [2166136261, 3141592653].map((seed) => {
      let hash = seed;
      for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
      return (hash >>> 0).toString(16).padStart(8, "0");
    }).join("");
  };

  const ask = async (address, options) => {
    const response = await fetch(address, {
      method: "POST",
      redirect: "manual",
      ...options,
      headers: { "X-CSRFToken": token, ...options.headers },
    });
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) throw new SignedOut();
    if (response.status >= 500 && response.status !== 507) throw new TypeError("away");
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refused(answer.problem || input.dataset.failed);
    return answer;
  };

  const backOnline = (delay) => new Promise((resolve) => {
    const wake = () => { clearTimeout(timer); window.removeEventListener("online", wake); resolve(); };
    const timer = setTimeout(wake, delay);
    window.addEventListener("online", wake);
  });

  // A network error waits and tries again; an answer of the server does not.
  const patiently = async (attempt) => {
    for (let tried = 0; ; tried += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof TypeError) || tried >= ATTEMPTS) throw error;
        say(input.dataset.waiting);
        await backOnline(Math.min(PATIENCE, 1000 * 2 ** tried));
      }
    }
  };

  const send = async (file) => {
    const body = new URLSearchParams({ name: file.name, size: file.size, fingerprint: fingerprint(file) });
    const begun = await patiently(() => ask(input.dataset.pieces, { body }));
    const address = `${input.dataset.pieces}${begun.id}/`;
    let { offset } = begun;
    while (offset < file.size) {
      bar.value = offset / file.size;
      say(`${input.dataset.sending} ${file.name} (${Math.round(100 * bar.value)} %)`);
      const from = offset;
      const reached = await patiently(() => ask(address, {
        body: file.slice(from, from + PIECE),
        headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(from) },
      }));
      offset = reached.offset;
    }
    bar.value = 1;
    return begun.id;
  };

  const arrive = (id) => {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "arrived";
    field.value = id;
    form.append(field);
  };

  const tooHeavy = (file) => file.size > Number(input.dataset.maxBytes);

  const onSubmit = async (event) => {
    const files = [...input.files];
    if (sending) event.preventDefault();
    if (sending || !files.length || files.some(tooHeavy) || files.every((file) => file.size <= PIECE)) return;
    event.preventDefault();
    event.stopPropagation();
    sending = true;
    bar.setAttribute("aria-label", input.dataset.sending);
    hint.after(bar);
    try {
      for (const file of files) arrive(await send(file));
      input.value = "";
      form.removeEventListener("submit", onSubmit, true);
      form.requestSubmit(event.submitter || undefined);
    } catch (error) {
      form.querySelectorAll("[name=arrived]").forEach((field) => field.remove());
      say(error instanceof Refused ? error.message : error instanceof SignedOut ? input.dataset.signedOut : input.dataset.failed, true);
      bar.remove();
    } finally {
      sending = false;
    }
  };

  form.addEventListener("submit", onSubmit, true);
})();
