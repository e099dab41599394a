/** The example questions of the demonstration page: each opens the chat and asks. */

const questions = document.querySelector(".try");

if (questions) {
  await customElements.whenDefined("frontdesk-chat");
  questions.hidden = false;
  questions.addEventListener("click", (event) => {
    const question = event.target.closest("[data-ask]")?.dataset.ask;
    if (question) document.querySelector("frontdesk-chat")?.ask(question);
  });
}
