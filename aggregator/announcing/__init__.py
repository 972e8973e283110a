"""Telling news elsewhere: from published feeds to one message a place, once and only once each."""
