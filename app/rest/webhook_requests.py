"""What clients may say about webhooks."""

import base64
import binascii
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from app.event_filters import LARGEST_NUMBER, MOST_NAMES, MOST_TYPES
from app.rest.event_requests import PATTERN
from app.rest.fields import nested, text_of
from app.webhooks.guard import LONGEST
from graph.events.event import EventType
from graph.rules.identifiers import ASSET_ID, SLUG, check_asset_id, check_slug
from graph.webhooks.wishes import Wishes

Importance = Literal["low", "normal", "high"]

WebhookId = Annotated[str, Field(pattern="^wh_[0-9a-f]{20}$")]
DeliveryId = Annotated[str, Field(pattern="^wh_[0-9a-f]{20}-[1-9][0-9]{0,15}$")]

_SECRET_FORM = "^whsec_[A-Za-z0-9+/]{32,88}={0,2}$"  # noqa: S105 - a pattern
"""Of 24 to 64 bytes, as Standard Webhooks asks."""


def _secret(text: str) -> str:
    try:
        length = len(base64.b64decode(text.removeprefix("whsec_"), validate=True))
    except binascii.Error:
        length = 0
    if not text.startswith("whsec_") or not 24 <= length <= 64:
        raise ValueError("a secret is 'whsec_' and 24 to 64 random bytes in base64; leave it out to get one")
    return text


Secret = Annotated[str, AfterValidator(_secret), WithJsonSchema({"type": "string", "pattern": _SECRET_FORM})]
Url = Annotated[str, Field(min_length=1, max_length=LONGEST, description="`https://…`; where it may lead is checked.")]
Description = text_of(500, "description")


def _asset_pattern(text: str) -> str:
    check_asset_id(text.removesuffix("*"))
    return text


AssetPattern = Annotated[str, nested(_asset_pattern), WithJsonSchema({"type": "string", "pattern": PATTERN})]
FilterSlug = Annotated[str, nested(check_slug), WithJsonSchema({"type": "string", "pattern": f"^{SLUG.pattern}$"})]
FilterAsset = Annotated[
    str, nested(check_asset_id), WithJsonSchema({"type": "string", "pattern": f"^{ASSET_ID.pattern}$"})
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WebhookFilter(_Strict):
    """Which events; all that is given must hold."""

    types: Annotated[list[EventType], Field(max_length=MOST_TYPES)] = []
    assets: Annotated[
        list[AssetPattern], Field(max_length=MOST_NAMES, description="`sales.*` stands for every id that begins so.")
    ] = []
    workflows: Annotated[list[FilterSlug], Field(max_length=MOST_NAMES)] = []
    upstreamOf: Annotated[
        FilterAsset | None, Field(description="This asset and every one that it depends on, as declared.")
    ] = None

    def wishes(self) -> Wishes:
        """As it is kept."""
        wishes: Wishes = self.model_dump(mode="json", exclude_defaults=True)  # type: ignore[assignment]
        return wishes


MinimumImportance = Annotated[
    Importance | None,
    Field(description="Only events about assets whose producers declare at least this; undeclared is `normal`."),
]


class WebhookCreation(_Strict):
    """A new webhook."""

    url: Url
    description: Description | None = None  # type: ignore[valid-type]
    filter: WebhookFilter = WebhookFilter()
    minimumImportance: MinimumImportance = None
    secret: Secret | None = None
    after: Annotated[
        int | None,
        Field(ge=0, le=LARGEST_NUMBER, description="Begin behind this event; without, with what happens from now on."),
    ] = None


class WebhookPatch(_Strict):
    """What is given changes; `null` removes a description, a filter or a minimum. `paused: false` resumes."""

    url: Url | None = None
    description: Description | None = None  # type: ignore[valid-type]
    filter: WebhookFilter | None = None
    minimumImportance: MinimumImportance = None
    paused: bool | None = None


class SecretRotation(_Strict):
    """The new secret; without, the service makes one."""

    secret: Secret | None = None


class WebhookPath(BaseModel):
    """A webhook."""

    webhookId: WebhookId


class DeliveryPath(WebhookPath):
    """A delivery."""

    deliveryId: DeliveryId


class DeliveriesQuery(BaseModel):
    """Which deliveries."""

    status: Annotated[
        Literal["pending", "delivered", "failed"] | None, Field(description="Those with this outcome alone.")
    ] = None
    before: Annotated[int | None, Field(ge=1, le=LARGEST_NUMBER, description="`nextCursor` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
