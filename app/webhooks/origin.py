"""What of a webhook's address everybody may see."""

from urllib.parse import urlsplit


def origin_of(url: str) -> str:
    """Scheme and host: what lies behind them is often a credential."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"
