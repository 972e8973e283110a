"""The README as it was written, escaped: what is shown when nothing better can be."""

from html import escape

from aggregator.readme.models import Readme, ReadmeSource
from aggregator.readme.sanitise import sanitise

_LIMIT = 200_000


def show_as_text(text: str, source: ReadmeSource, reason: str) -> Readme:
    """Show a README as plain text, saying why and where it can be read properly.

    `reason` completes "This README is shown as plain text: ...".
    """
    note = f"This README is shown as plain text: {reason}."
    link = f'<a href="{escape(source.page)}">Read it on GitHub</a>'
    shown = text[:_LIMIT]
    html = f'<p class="readme-note">{escape(note)} {link}.</p>{preformatted(shown)}'
    return Readme(html=sanitise(html), text=" ".join(shown.split()), notes=(note,))


def preformatted(text: str) -> str:
    """Escape text and keep its lines."""
    return f'<pre class="readme-plain" tabindex="0">{escape(text, quote=False)}</pre>'
