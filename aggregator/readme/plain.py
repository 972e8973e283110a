"""The README as it was written, escaped: what is shown when nothing better can be."""

from html import escape

from aggregator.readme.blocks import runs_right_to_left
from aggregator.readme.models import Readme, ReadmeSource
from aggregator.readme.sanitise import sanitise

_LIMIT = 200_000


def show_as_text(text: str, source: ReadmeSource, reason: str) -> Readme:
    """Show a README as plain text, saying why and where it can be read properly.

    `reason` completes "This README is shown as plain text: ...".
    """
    note = f"This README is shown as plain text: {reason}."
    shown = text[:_LIMIT]
    html = sanitise(note_html(note, source) + preformatted(shown))
    return Readme(html=html, text=" ".join(shown.split()), notes=(note,))


def note_html(note: str, source: ReadmeSource) -> str:
    """Say something about a README to its readers, with the way to the original."""
    link = f'<a href="{escape(source.page)}">Read it on GitHub</a>'
    return f'<p class="readme-note">{escape(note)} {link}.</p>'


def preformatted(text: str) -> str:
    """Escape text and keep its lines."""
    direction = ' dir="auto"' if runs_right_to_left(text) else ""
    return f'<pre class="readme-plain" tabindex="0"{direction}>{escape(text, quote=False)}</pre>'
