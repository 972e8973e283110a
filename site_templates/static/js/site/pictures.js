// A picture that cannot be had makes way for the drawing beneath it.
{
  const gone = (picture) => picture.matches?.(".picture") && picture.remove();
  document.addEventListener("error", (event) => gone(event.target), true);
  for (const picture of document.querySelectorAll(".picture")) {
    if (picture.complete && !picture.naturalWidth) gone(picture);
  }
}
