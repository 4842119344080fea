/* Pick a usual opinion: it goes into the field beside it and can be edited there. */
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  const field = document.getElementById(button.dataset.fill);
  field.value = field.value ? field.value + "\n" + button.dataset.text : button.dataset.text;
  field.focus();
});
