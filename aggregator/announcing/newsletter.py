"""A message as a mail: Markdown to read as it is, and the same as HTML. Pure.

HTML is built as a tree, so that no text can become markup; headers are lines without ends, so that
none can become another.
"""

from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from xml.etree.ElementTree import Element, tostring

from aggregator.announcing.announcement import Announcement, as_sentence
from aggregator.announcing.published import FeedItem
from aggregator.site.data.xml import element
from aggregator.words.clean import clean_line, in_markdown
from aggregator.words.speech import say

_ADDRESS_SIGNS = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "<>() \\"})
_READABLE = {"style": "max-width: 40em; font-family: sans-serif; line-height: 1.5"}


def newsletter_markdown(told: Announcement) -> str:
    """Write the news under the heading of its kind."""
    return "\n\n".join(_markdown_parts(told)) + "\n"


def _markdown_parts(told: Announcement) -> Iterator[str]:
    yield f"# {in_markdown(told.heading)}"
    for title, items in told.by_kind():
        yield f"## {in_markdown(title)}"
        yield "\n".join(map(_markdown_item, items))
    if told.more:
        yield told.more
    if told.home:
        yield _markdown_link(say("All that is new"), told.home)


def _markdown_item(item: FeedItem) -> str:
    about = f" {in_markdown(item.about)}" if item.about else ""
    return f"- {_markdown_link(as_sentence(item), item.url)}{about}"


def _markdown_link(words: str, url: str) -> str:
    shown = in_markdown(words)
    return f"[{shown}](<{url.translate(_ADDRESS_SIGNS)}>)" if url else shown


def newsletter_html(told: Announcement) -> str:
    """Write the same as a page for programs that show mail."""
    head = element(
        "head", [element("meta", "", {"charset": "utf-8"}), element("title", told.heading)]
    )
    body = element("body", _html_parts(told), _READABLE)
    page = element("html", [head, body], {"lang": told.language})
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def _html_parts(told: Announcement) -> Iterator[Element]:
    yield element("h1", told.heading)
    for title, items in told.by_kind():
        yield element("h2", title)
        yield element("ul", [element("li", _html_item(item)) for item in items])
    if told.more:
        yield element("p", told.more)
    if told.home:
        yield element("p", [_html_link(say("All that is new"), told.home)])


def _html_item(item: FeedItem) -> Iterator[Element]:
    yield _html_link(as_sentence(item), item.url)
    if item.about:
        language = {"lang": item.language} if item.language else {}
        yield element("div", item.about, language)


def _html_link(words: str, url: str) -> Element:
    return element("a", words, {"href": url}) if url else element("span", words)


def newsletter_mail(
    told: Announcement, sender: str, to: str, message: str, moment: datetime
) -> EmailMessage:
    """Write the mail.

    Args:
        told: what it tells.
        sender: the address that it comes from.
        to: the one address that everybody may see.
        message: the id of the message, of which its own in the mail is made.
        moment: when it was first to be sent.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = clean_line(told.heading) or say("News")
    mail["From"] = sender
    mail["To"] = to
    mail["Date"] = format_datetime(moment)
    mail["Message-ID"] = f"<{message}@{sender.rpartition('@')[2]}>"
    # https://www.rfc-editor.org/rfc/rfc3834#section-5: holiday notes are not to answer it.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(newsletter_markdown(told), cte="quoted-printable")
    mail.add_alternative(newsletter_html(told), subtype="html", cte="quoted-printable")
    return mail
