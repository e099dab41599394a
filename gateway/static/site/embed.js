/** Builds the line for a clinic's page from the settings. */

const form = document.querySelector(".settings");
const snippet = document.querySelector("#snippet");
const copy = document.querySelector("#copy");
const copied = document.querySelector("#copied");

/** @param {string} value */
function escaped(value) {
  return value.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function build() {
  const fields = [...new FormData(form)].filter(([name, value]) => value && !(name === "color" && !form.querySelector("#own-color").checked));
  const attributes = fields.map(([name, value]) => ` data-${name}="${escaped(value.trim())}"`).join("");
  snippet.textContent = `<script type="module" src="${form.dataset.address}"${attributes}></script>`;
  copied.textContent = "";
}

async function copyLine() {
  try {
    await navigator.clipboard.writeText(snippet.textContent);
    copied.textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(snippet);
    copied.textContent = "Marked. Copy it with your keyboard.";
  }
}

form.hidden = false;
copy.hidden = false;
form.addEventListener("input", build);
form.addEventListener("submit", (event) => event.preventDefault());
copy.addEventListener("click", copyLine);
build();
