// Shows a photo before it is sent, and says when it is small or dark; the server judges it again.
(() => {
  "use strict";

  // Enough pixels to read a card, and enough light: a hint, never a refusal.
  const SMALL = 900;
  const DARK = 60;

  const brightness = (picture) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 32;
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0, 32, 32);
    const pixels = context.getImageData(0, 0, 32, 32).data;
    let total = 0;
    for (let i = 0; i < pixels.length; i += 4) total += (pixels[i] + pixels[i + 1] + pixels[i + 2]) / 3;
    return total / (pixels.length / 4);
  };

  const lookAtPhoto = (input, box) => {
    const picture = box.querySelector("[data-photo]");
    const says = box.querySelector("[data-photo-says]");
    picture.addEventListener("load", () => {
      const longest = Math.max(picture.naturalWidth, picture.naturalHeight);
      if (longest < SMALL) says.textContent = box.dataset.small;
      else if (brightness(picture) < DARK) says.textContent = box.dataset.dark;
      else says.textContent = box.dataset.good;
      box.hidden = false;
    });
    picture.addEventListener("error", () => { box.hidden = true; });
    input.addEventListener("change", () => {
      box.hidden = true;
      const file = [...input.files].find((each) => each.type.startsWith("image/"));
      if (!file) return;
      const reader = new FileReader();
      reader.addEventListener("load", () => { picture.src = reader.result; });
      reader.readAsDataURL(file);
    });
  };

  const box = document.querySelector("[data-photo-check]");
  const input = document.querySelector('input[type="file"]');
  if (box && input) lookAtPhoto(input, box);
})();
