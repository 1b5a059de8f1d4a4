"""A definition as the service understands it: defaults filled in, duplicates folded, keys at hand."""

from dataclasses import dataclass, field
from typing import Any

from graph.declarations.models import AutoMaterialize, Freshness, Importance, OnInvalidPayload, StepType
from graph.declarations.partitioning import Partitioning


@dataclass(frozen=True, slots=True)
class AssetDeclaration:
    """What one step says about one asset that it produces or consumes."""

    asset_id: str
    key: str
    schema: dict[str, Any] | None = field(default=None, hash=False)
    """The JSON Schema as sent, freshness hints inside it included."""
    freshness: Freshness | None = None
    """What `freshness` declares, else what the schema does."""
    auto_materialize: AutoMaterialize | None = field(default=None, hash=False)
    partitioning: Partitioning | None = None
    description: str | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    importance: Importance | None = None

    def as_document(self) -> dict[str, Any]:
        """What was declared beside the id, as JSON with the names that clients use."""
        said: dict[str, Any] = {
            "schema": self.schema,
            "freshness": self.freshness and self.freshness.as_document(),
            "autoMaterialize": self.auto_materialize and self.auto_materialize.as_document(),
            "partitioning": self.partitioning and self.partitioning.as_document(),
            "description": self.description,
            "owner": self.owner,
            "tags": list(self.tags) or None,
            "importance": self.importance,
        }
        return {name: value for name, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class StepDeclaration:
    """A step, with no asset twice in `produces` nor in `consumes`."""

    id: str
    name: str
    type: StepType
    depends_on: tuple[str, ...]
    produces: tuple[AssetDeclaration, ...]
    consumes: tuple[AssetDeclaration, ...]

    def produced(self, asset_key: str) -> AssetDeclaration | None:
        """What the step says about an asset that it produces, by the asset's key."""
        return next((asset for asset in self.produces if asset.key == asset_key), None)

    def consumed(self, asset_key: str) -> AssetDeclaration | None:
        """What the step says about an asset that it consumes, by the asset's key."""
        return next((asset for asset in self.consumes if asset.key == asset_key), None)


@dataclass(frozen=True, slots=True)
class WorkflowDefinition:
    """A workflow with its steps in the order in which they were declared."""

    slug: str
    key: str
    name: str
    version: int | None
    description: str | None
    steps: tuple[StepDeclaration, ...]
    on_invalid_payload: OnInvalidPayload
    document: dict[str, Any] = field(hash=False, repr=False)
    """The definition as sent, unknown keys included."""

    def step(self, step_id: str) -> StepDeclaration | None:
        """The step of this id; ids are compared exactly."""
        return next((step for step in self.steps if step.id == step_id), None)
