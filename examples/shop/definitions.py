"""The definitions: which workflow was defined how, and how many days ago."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from .workflows import LEGACY, Part, workflow


class Defined(NamedTuple):
    """A definition that came into force some days before the story ends."""

    days_ago: float
    definition: dict[str, Any]


FIRST = 26.0
"""Days ago: when the shop began."""

_LOAD_ORDERS = Part(
    "load-orders", "Clean and load orders",
    ["raw.orders", "raw.order_lines", "raw.returns"], ["stg.orders", "dwh.orders", "dwh.order_items"],
)  # fmt: skip
_LOAD_ORDERS_AND_LEGACY = Part(
    "load-orders", "Clean and load orders",
    ["raw.orders", "raw.order_lines", "raw.returns"],
    ["stg.orders", "dwh.orders", "dwh.order_items", "dwh.legacy_orders"],
)  # fmt: skip
_LOAD_PAYMENTS = Part(
    "load-payments", "Match payments with orders",
    ["raw.payments", "raw.refunds", "raw.chargebacks", "dwh.orders"], ["stg.payments", "dwh.payments"], ["load-orders"],
)  # fmt: skip
_LOAD_CUSTOMERS = Part(
    "load-customers", "Load customers", ["crm.customers", "crm.consents", "dwh.orders"], ["dwh.customers"],
    ["load-orders"],
)  # fmt: skip
_LOAD_PRODUCTS = Part(
    "load-products", "Load products", ["raw.products", "raw.prices", "dwh.order_items"],
    ["stg.products", "dwh.products"], ["load-orders"],
)  # fmt: skip
_LOAD_INVENTORY = Part(
    "load-inventory", "Value the stock", ["raw.stock_levels", "dwh.products"], ["dwh.inventory"], ["load-products"]
)

_SALES = Part("sales", "Sum up sales", ["dwh.orders", "dwh.order_items", "dwh.products"], ["marts.daily_sales"])
_FINANCE = Part("finance", "Sum up revenue", ["dwh.orders", "dwh.payments", "stg.payments"], ["marts.revenue"])
_CUSTOMERS = Part(
    "customers", "Value the customers", ["dwh.customers", "dwh.payments", "models.churn"], ["marts.customer_value"]
)
_STOCK = Part(
    "stock",
    "Look at the stock",
    ["dwh.inventory", "models.demand_forecast"],
    ["marts.stock_cover", "reports.stock_alerts"],
)
_DASHBOARDS = Part(
    "dashboards", "Refresh the dashboards", ["marts.daily_sales", "marts.revenue", "marts.customer_value"],
    ["dashboards.sales"], ["sales", "finance", "customers"], "service",
)  # fmt: skip
_OPERATIONS = Part(
    "operations", "Refresh the operations dashboard", ["marts.stock_cover", "dwh.inventory"], ["dashboards.operations"],
    ["stock"], "service",
)  # fmt: skip
_MARKETING = Part(
    "marketing", "Refresh the marketing dashboard", ["crm.segments", "marts.customer_value", "models.recommendations"],
    ["dashboards.marketing"], ["customers"], "service",
)  # fmt: skip
_MAIL = Part(
    "mail", "Mail the daily report", ["marts.daily_sales", "dashboards.sales"], ["reports.daily_sales"], ["dashboards"]
)
_BOARD = Part("board", "Write to the board", ["marts.revenue", "marts.customer_value"], ["reports.weekly_board"])
_VAT = Part("vat", "Prepare the VAT return", ["marts.revenue", LEGACY], ["reports.vat_return"])
_ARCHIVE = Part("archive", "Archive what was published", ["reports.daily_sales", "reports.weekly_board"])
_LEGACY_KPIS = Part("legacy-kpis", "Old numbers", ["dwh.legacy_orders"], ["reports.legacy_kpis"])


def _warehouse(*parts: Part) -> dict[str, Any]:
    return workflow("warehouse-build", "Warehouse: build", "Loads the night's imports into the warehouse.", *parts)


def _reporting(*parts: Part) -> dict[str, Any]:
    return workflow("reporting", "Reporting", "Marts, dashboards, and the reports that people get by mail.", *parts)


def _limits(definition: dict[str, Any], asset: str, freshness: dict[str, int]) -> dict[str, Any]:
    """The definition with other limits for one asset."""
    for step in definition["steps"]:
        for declared in step["produces"]:
            if declared["assetId"] == asset:
                declared["freshness"] = freshness
    return definition


_ORDERS_IMPORT = workflow(
    "orders-import", "Orders: import", "Copies the day's orders out of the shop's database.",
    Part("extract", "Extract orders", [], ["raw.orders", "raw.order_lines"]),
    Part("returns", "Extract returns", ["raw.orders"], ["raw.returns"], ["extract"]),
)  # fmt: skip
_PAYMENTS_IMPORT = workflow(
    "payments-import", "Payments: import", "Asks the payment provider for what was paid.",
    Part("fetch", "Fetch payments", [], ["raw.payments", "raw.refunds"], type="service"),
    Part("disputes", "Fetch disputes", ["raw.payments"], ["raw.chargebacks"], ["fetch"], "service"),
)  # fmt: skip
_CATALOGUE_IMPORT = workflow(
    "catalogue-import", "Catalogue: import", "Products, prices and stock.",
    Part("products", "Import products and prices", [], ["raw.products", "raw.prices"]),
    Part("stock", "Count the stock", ["raw.products"], ["raw.stock_levels"], ["products"], "fanout"),
)  # fmt: skip
_CUSTOMERS_SYNC = workflow(
    "customers-sync", "Customers: sync", "Brings the shop's accounts and the CRM together.",
    Part("extract", "Extract accounts", [], ["raw.customers"]),
    Part("match", "Merge duplicates", ["raw.customers"], ["crm.customers", "crm.consents"], ["extract"]),
    Part("segment", "Make segments", ["crm.customers"], ["crm.segments"], ["match"]),
)  # fmt: skip
_FEATURE_STORE = workflow(
    "feature-store", "Feature store", "What models learn from.",
    Part("customers", "Customers' features", ["dwh.customers", "dwh.orders"], ["features.customer_activity"]),
    Part("baskets", "Baskets' features", ["dwh.order_items"], ["features.basket", "features.product_affinity"],
         type="fanout"),
    Part("prices", "Price history", ["stg.products", "raw.prices"], ["features.price_history"]),
    Part("risk", "Risk of payments", ["dwh.payments", "raw.chargebacks"], ["features.payment_risk"]),
)  # fmt: skip
_MODEL_TRAINING = workflow(
    "model-training", "Model training", "Trains every model anew once a week.",
    Part("churn", "Train churn", ["features.customer_activity", "dwh.customers"], ["models.churn"]),
    Part("recommend", "Train recommendations", ["features.basket", "features.product_affinity"],
         ["models.recommendations"]),
    Part("demand", "Train the forecast", ["dwh.order_items", "features.price_history"], ["models.demand_forecast"]),
    Part("fraud", "Train fraud", ["features.payment_risk"], ["models.fraud"]),
    Part("elasticity", "Train elasticity", ["features.price_history", "marts.daily_sales"],
         ["models.price_elasticity"]),
)  # fmt: skip

_REPORTS = (_SALES, _FINANCE, _CUSTOMERS, _STOCK, _DASHBOARDS, _OPERATIONS)
_LOADS = (_LOAD_PAYMENTS, _LOAD_CUSTOMERS, _LOAD_PRODUCTS)

DEFINED: Sequence[Defined] = (
    Defined(FIRST, _ORDERS_IMPORT),
    Defined(FIRST, _PAYMENTS_IMPORT),
    Defined(FIRST, _CATALOGUE_IMPORT),
    Defined(FIRST, _CUSTOMERS_SYNC),
    Defined(FIRST, _warehouse(_LOAD_ORDERS_AND_LEGACY, *_LOADS)),
    Defined(FIRST, _FEATURE_STORE),
    Defined(FIRST, _MODEL_TRAINING),
    Defined(FIRST, _reporting(*_REPORTS, _MAIL, _BOARD, _VAT, _LEGACY_KPIS)),
    # The stock comes into the warehouse.
    Defined(12.5, _warehouse(_LOAD_ORDERS_AND_LEGACY, *_LOADS, _LOAD_INVENTORY)),
    # Yesterday: the old shop goes, limits are drawn tighter, marketing gets a dashboard.
    Defined(0.75, _limits(_warehouse(_LOAD_ORDERS, *_LOADS, _LOAD_INVENTORY), "dwh.orders", {"ttlMs": 93_600_000,
                                                                                             "maxAgeMs": 172_800_000})),
    Defined(0.7, _reporting(*_REPORTS, _MARKETING, _MAIL, _BOARD, _VAT, _ARCHIVE)),
)  # fmt: skip
