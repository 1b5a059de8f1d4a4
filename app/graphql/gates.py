"""Gates: may a release or a deployment go ahead? As over REST, with the same rules."""

from typing import Annotated

import strawberry

from app.graphql.context import Info
from app.graphql.inputs import checked
from app.graphql.scalars import DateTime, Long, instant
from app.graphql.types import walk
from app.graphql.types.asset import Asset
from app.graphql.types.freshness import Freshness, FreshnessReason
from app.graphql.types.snapshot import Snapshot
from app.rest.gates import GateQuery
from graph.questions.gate import Checked, check_gate
from graph.rules.gate import Gate
from graph.rules.identifiers import asset_key

Assets = Annotated[list[str], strawberry.argument(description="Ids of assets, 1 to 100.")]
MaxAge = Annotated[Long | None, strawberry.argument(description="Milliseconds; the newest version must not be older.")]
RequireValid = Annotated[bool, strawberry.argument(description="The newest version must keep to its schema.")]
Upstream = Annotated[bool, strawberry.argument(description="The same of everything upstream of them, as declared.")]
Strict = Annotated[
    bool, strawberry.argument(description="An asset that is due, or of which no limits are declared, does not pass.")
]


@strawberry.type(description="An asset that a gate looked at.")
class GateAsset:
    """Of a check."""

    key: strawberry.Private[str]
    asset_id: str
    distance: int = strawberry.field(description="Hops upstream of the assets that were asked for; 0 for one of them.")
    passed: bool
    freshness: Freshness
    objections: list[FreshnessReason] = strawberry.field(description="Everything that is against it.")
    latest: Snapshot | None

    @classmethod
    def of(cls, it: Checked) -> "GateAsset":
        """The asset as it is shown."""
        return cls(
            key=asset_key(it.asset_id),
            asset_id=it.asset_id,
            distance=it.distance,
            passed=not it.objections,
            freshness=Freshness.of(it.verdict),
            objections=[
                FreshnessReason(code=each.code, message=each.message, since=instant(each.since), asset_id=each.asset_id)
                for each in it.objections
            ],
            latest=Snapshot.of(it.latest) if it.latest else None,
        )

    @strawberry.field(description="The asset.")
    async def asset(self, info: Info) -> Asset:
        """The asset."""
        return await walk.asset(info, self.key)


@strawberry.type(description="May it go ahead?")
class GateCheck:
    """What a gate says."""

    passed: bool = strawberry.field(description="Whether all assets pass.")
    checked_at: DateTime
    assets: list[GateAsset] = strawberry.field(description="By distance, then by id.")


async def gate(
    info: Info,
    assets: Assets,
    max_age_ms: MaxAge = None,
    require_valid: RequireValid = False,
    upstream: Upstream = False,
    strict: Strict = False,
) -> GateCheck:
    """As GET /gates/check."""
    context = info.context
    given = {"asset": assets, "requireValid": require_valid, "upstream": upstream, "strict": strict}
    asked = checked(GateQuery, given | ({} if max_age_ms is None else {"maxAgeMs": max_age_ms}))
    wanted = Gate(max_age=asked.maxAgeMs, require_valid=asked.requireValid, strict=asked.strict)
    roots = {asset_key(asset_id): asset_id for asset_id in asked.asset}
    found = await context.lineage.read(
        lambda tx: check_gate(tx, roots, wanted, upstream=asked.upstream, most=context.traversal, now=context.now)
    )
    return GateCheck(
        passed=not any(each.objections for each in found),
        checked_at=DateTime(context.now),
        assets=[GateAsset.of(each) for each in found],
    )
