"""The shop's eight workflows, each as it was first defined and as it was changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .kept import Kept

KEPT = {
    kept.id: kept
    for kept in (
        # orders-import
        Kept("raw.orders", "Orders of one day, as the shop's database has them.", {"rows": 5210, "bytes": 8_400_000},
             owner="data-platform", importance="high", tags=("pii",), hours=26, daily=True),
        Kept("raw.order_lines", "The lines of all orders.", {"rows": 14_300, "bytes": 21_000_000}, hours=26),
        Kept("raw.returns", "What customers sent back.", {"rows": 410, "value": 18_230.5}, hours=26),
        # payments-import
        Kept("raw.payments", "Payments as the provider reports them.",
             {"rows": 5180, "total": 312_400.75, "fees": 4410.2}, owner="finance", importance="high", hours=26),
        Kept("raw.refunds", "Refunds from the provider; some come days late.", {"rows": 120, "total": 6150.4},
             owner="finance", hours=26),
        Kept("raw.chargebacks", "Payments that customers disputed.", {"rows": 7, "total": 430.9}, owner="finance"),
        # catalogue-import
        Kept("raw.products", "Every product that is or was on sale.", {"rows": 8800}),
        Kept("raw.prices", "Prices by product and country.", {"rows": 35_200, "countries": 4}, hours=48),
        Kept("raw.stock_levels", "Stock by warehouse, due every six hours.", {"rows": 17_600, "warehouses": 2},
             owner="logistics", every=6),
        # customers-sync
        Kept("raw.customers", "Accounts, as the shop's database has them.", {"rows": 61_000}, tags=("pii",), hours=26),
        Kept("crm.customers", "Accounts without their duplicates.", {"rows": 58_400, "merged": 2600}, owner="crm",
             importance="high", tags=("pii",), hours=26),
        Kept("crm.segments", "Which customers are addressed how; made anew every week.",
             {"segments": 12, "customers": 58_000, "largest.customers": 21_000}, owner="crm", hours=72),
        Kept("crm.consents", "Who may be written to.", {"rows": 58_400, "granted": 33_900}, owner="crm", hours=26),
        # warehouse-build
        Kept("stg.orders", "Orders, cleaned.", {"rows": 124_000, "rejected": 31}, hours=26),
        Kept("stg.payments", "Payments, cleaned and joined with refunds.", {"rows": 121_000, "rejected": 12}, hours=26),
        Kept("stg.products", "Products with prices.", {"rows": 8800}, hours=26),
        Kept("dwh.orders", "The orders that reports count.", {"rows": 2_410_000, "days": 420}, owner="data-platform",
             importance="high", hours=26),
        Kept("dwh.order_items", "One row for each product in an order.", {"rows": 6_890_000}, owner="data-platform",
             hours=26),
        Kept("dwh.payments", "Payments by order.", {"rows": 2_395_000, "unmatched": 84},
             owner="data-platform", hours=26),
        Kept("dwh.customers", "Customers with what they bought.", {"rows": 58_400, "active": 19_700},
             owner="data-platform", importance="high", hours=26),
        Kept("dwh.products", "Products with what was sold of them.", {"rows": 8800, "sold": 5100}, hours=26),
        Kept("dwh.inventory", "Stock and its value.", {"rows": 17_600, "value": 1_940_000.0},
             owner="logistics", hours=26),
        Kept("dwh.legacy_orders", "Orders of the shop before this one; nobody reads them any more.", {"rows": 730_000}),
        # feature-store
        Kept("features.customer_activity", "How often and when customers come.", {"rows": 58_400, "features": 34},
             owner="data-science", hours=26),
        Kept("features.basket", "What is bought together.", {"rows": 310_000, "features": 18}, owner="data-science",
             hours=26),
        Kept("features.product_affinity", "Which products are alike.", {"rows": 8800, "dimensions": 64},
             owner="data-science", hours=26),
        Kept("features.price_history", "Prices over the last year.", {"rows": 3_200_000},
             owner="data-science", hours=48),
        Kept("features.payment_risk", "What speaks against a payment.", {"rows": 121_000, "features": 27},
             owner="data-science", hours=26),
        # model-training
        Kept("models.churn", "Who will leave.",
             {"metrics.auc": 0.81, "metrics.recall": 0.64, "rows": 58_400, "seconds": 412.5}, owner="data-science",
             importance="high", hours=200, extra={"framework": "xgboost", "parameters": {"depth": 6, "rounds": 400}}),
        Kept("models.recommendations", "What else a customer may like.", {"metrics.hits": 0.31, "seconds": 1830.2},
             owner="data-science", importance="high", hours=200, extra={"framework": "pytorch"}),
        Kept("models.demand_forecast", "What will be sold next week.", {"metrics.error": 0.12, "products": 8800},
             owner="data-science", hours=200, extra={"framework": "prophet"}),
        Kept("models.fraud", "Which payments to look at.", {"metrics.precision": 0.92, "metrics.recall": 0.71},
             owner="data-science", importance="high", hours=200, extra={"framework": "xgboost"}),
        Kept("models.price_elasticity", "What a price does to sales; declared, and never trained yet.",
             {"metrics.error": 0.2}, owner="data-science", importance="low", hours=200),
        # reporting
        Kept("marts.daily_sales", "Sales by day, country and product group.", {"rows": 9400, "revenue": 301_200.4},
             owner="analytics", importance="high", hours=26),
        Kept("marts.revenue", "Revenue after refunds, by month.",
             {"rows": 14, "revenue": 8_904_000.0, "refunds": 180_500.0},
             owner="finance", importance="high", hours=26),
        Kept("marts.customer_value", "What customers are worth.", {"rows": 58_400, "mean": 84.3}, owner="analytics",
             hours=26),
        Kept("marts.stock_cover", "For how many days the stock lasts.", {"rows": 8800, "median": 21.5},
             owner="logistics", hours=26),
        Kept("dashboards.sales", "The sales dashboard.", {"tiles": 14, "views": 320}, owner="analytics",
             importance="high", tags=("published",), hours=26),
        Kept("dashboards.operations", "Stock and deliveries.", {"tiles": 9, "views": 140}, owner="logistics",
             tags=("published",), hours=26),
        Kept("dashboards.marketing", "Segments and what they buy.", {"tiles": 11, "views": 80}, owner="crm",
             tags=("published",), hours=26),
        Kept("reports.daily_sales", "Yesterday on one page, by mail.", {"pages": 1, "recipients": 46},
             owner="analytics", tags=("published",), hours=26, daily=True),
        Kept("reports.weekly_board", "The week for the board.", {"pages": 12, "recipients": 9}, owner="finance",
             importance="high", tags=("published",), hours=200),
        Kept("reports.stock_alerts", "What runs out.", {"alerts": 23}, owner="logistics",
             tags=("published",), hours=26),
        Kept("reports.vat_return", "The VAT return; the first is due in April.", {"pages": 4}, owner="finance",
             importance="high", tags=("published",), hours=2400),
        Kept("reports.legacy_kpis", "Numbers of the shop before this one.", {"pages": 3}, owner="analytics"),
    )
}  # fmt: skip
"""By id."""

LEGACY = "legacy:erp.invoices-2019"
"""A read-only remnant: consumed by one step, produced by none."""

OBSERVED = "raw.fx_rates"
"""Declared by nobody: one run wrote it, another read it."""


@dataclass(frozen=True)
class Part:
    """A step: what it reads and what it makes."""

    id: str
    name: str
    consumes: Sequence[str] = ()
    produces: Sequence[str] = ()
    after: Sequence[str] = ()
    type: str = "job"

    def declaration(self) -> dict[str, Any]:
        """As the workflow's definition holds it."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "dependsOn": list(self.after),
            "consumes": [{"assetId": asset} for asset in self.consumes],
            "produces": [KEPT[asset].declaration() for asset in self.produces],
        }


def workflow(slug: str, name: str, about: str, *parts: Part) -> dict[str, Any]:
    """A definition."""
    return {
        "slug": slug,
        "name": name,
        "description": about,
        "steps": [part.declaration() for part in parts],
    }
