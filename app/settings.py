"""Every setting, from the environment; docs/settings.md lists them, and a test holds the two together."""

from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

KIB = 1024
MIB = 1024 * KIB

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


class Settings(BaseSettings):
    """The service's settings. Sizes are in bytes, times in the unit that the name ends with."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", populate_by_name=True)

    host: Annotated[
        str, Field(alias="LINEAGE_HOST", description="Address to listen on; others than loopback need tokens.")
    ] = "127.0.0.1"
    port: Annotated[
        int, Field(alias="LINEAGE_PORT", ge=0, le=65535, description="Port to listen on; 0 chooses a free one.")
    ] = 4000
    data_dir: Annotated[
        Path,
        Field(
            alias="LINEAGE_DATA_DIR", description="Where the embedded database keeps its data; one service at a time."
        ),
    ] = Path("data")
    heap: Annotated[
        str,
        Field(alias="LINEAGE_HEAP", pattern=r"^[1-9][0-9]*[mg]$", description="Heap of the embedded database's JVM."),
    ] = "1g"
    neo4j_uri: Annotated[
        str | None,
        Field(
            alias="NEO4J_URI",
            description="A Neo4j instead of the embedded database: `neo4j://`, `neo4j+s://`, `bolt://` …",
        ),
    ] = None
    neo4j_user: Annotated[
        str | None, Field(alias="NEO4J_USER", description="How to sign in there; without, no sign-in.")
    ] = None
    neo4j_password: Annotated[SecretStr | None, Field(alias="NEO4J_PASSWORD", description="The password to it.")] = None
    neo4j_database: Annotated[
        str | None,
        Field(alias="NEO4J_DATABASE", description="Which database there; without, the server's default one."),
    ] = None
    tokens: Annotated[
        SecretStr,
        Field(
            alias="LINEAGE_TOKENS",
            description="Who may call: `name:scope+scope:sha256` separated by spaces (`lineage token`).",
        ),
    ] = SecretStr("")
    allowed_hosts: Annotated[
        str,
        Field(
            alias="LINEAGE_ALLOWED_HOSTS",
            description="Further names of this service, for calls without a token; by commas.",
        ),
    ] = ""
    allowed_origins: Annotated[
        str,
        Field(alias="LINEAGE_ALLOWED_ORIGINS", description="Origins of other sites whose pages may write; by commas."),
    ] = ""
    max_payload: Annotated[
        int, Field(alias="LINEAGE_MAX_PAYLOAD", ge=1, le=64 * MIB, description="Bytes of one asset's payload as JSON.")
    ] = MIB
    max_body: Annotated[
        int,
        Field(
            alias="LINEAGE_MAX_BODY",
            ge=KIB,
            le=256 * MIB,
            description="Bytes of one request's body, of a bulk line, or of a message over a WebSocket.",
        ),
    ] = 4 * MIB
    validation_budget_ms: Annotated[
        int,
        Field(
            alias="LINEAGE_VALIDATION_BUDGET_MS",
            ge=1,
            le=60_000,
            description="Time to check one payload against its schema.",
        ),
    ] = 1_000
    max_page_size: Annotated[
        int, Field(alias="LINEAGE_MAX_PAGE_SIZE", ge=1, le=1000, description="The greatest `first` of a GraphQL page.")
    ] = 100
    max_traversal: Annotated[
        int,
        Field(
            alias="LINEAGE_MAX_TRAVERSAL",
            ge=1,
            le=10_000_000,
            description="Assets that one question of lineage may visit, counted ones included.",
        ),
    ] = 100_000
    webhook_allowed: Annotated[
        str,
        Field(
            alias="LINEAGE_WEBHOOK_ALLOWED",
            description="Hosts and networks that webhooks may call though they are not public; by commas.",
        ),
    ] = ""
    webhook_http: Annotated[
        bool, Field(alias="LINEAGE_WEBHOOK_HTTP", description="Whether webhooks may have addresses of plain http.")
    ] = False
    graphql_introspection: Annotated[
        bool, Field(alias="LINEAGE_GRAPHQL_INTROSPECTION", description="Whether clients may ask for the schema.")
    ] = True
    graphql_max_tokens: Annotated[
        int,
        Field(
            alias="LINEAGE_GRAPHQL_MAX_TOKENS", ge=100, le=100_000, description="Words and marks of a GraphQL document."
        ),
    ] = 4_000
    graphql_max_depth: Annotated[
        int,
        Field(alias="LINEAGE_GRAPHQL_MAX_DEPTH", ge=1, le=100, description="Fields within fields of an operation."),
    ] = 15
    graphql_max_aliases: Annotated[
        int, Field(alias="LINEAGE_GRAPHQL_MAX_ALIASES", ge=0, le=10_000, description="Aliases of an operation.")
    ] = 200
    graphql_max_root_fields: Annotated[
        int,
        Field(alias="LINEAGE_GRAPHQL_MAX_ROOT_FIELDS", ge=1, le=1000, description="Fields at an operation's root."),
    ] = 20
    graphql_max_cost: Annotated[
        int,
        Field(
            alias="LINEAGE_GRAPHQL_MAX_COST",
            ge=100,
            le=100_000_000,
            description="Fields of an answer, as estimated before an operation is carried out.",
        ),
    ] = 500_000
    graphql_timeout_ms: Annotated[
        int,
        Field(
            alias="LINEAGE_GRAPHQL_TIMEOUT_MS", ge=100, le=600_000, description="Time for carrying out one operation."
        ),
    ] = 15_000
    graphql_max_operations: Annotated[
        int,
        Field(
            alias="LINEAGE_GRAPHQL_MAX_OPERATIONS",
            ge=1,
            le=1000,
            description="Operations that one WebSocket may have under way.",
        ),
    ] = 50
    log_level: Annotated[
        str,
        Field(
            alias="LINEAGE_LOG_LEVEL",
            pattern="^(debug|info|warning|error)$",
            description="What goes to the log on stderr.",
        ),
    ] = "info"

    @field_validator("neo4j_uri")
    @classmethod
    def _names_a_server(cls, uri: str | None) -> str | None:
        if uri is not None:
            parts = urlsplit(uri)  # ValueError for a port that is none comes from its property
            if parts.scheme not in SCHEMES or not parts.hostname or parts.port == 0:
                raise ValueError(f"an address such as neo4j://host:7687 is needed, with one of {', '.join(SCHEMES)}")
        return uri

    @model_validator(mode="after")
    def _body_holds_payload(self) -> Self:
        if self.max_body < self.max_payload:
            raise ValueError("LINEAGE_MAX_BODY is less than LINEAGE_MAX_PAYLOAD: no payload of that size could be sent")
        return self


def names(text: str) -> tuple[str, ...]:
    """The names in a setting that separates them by commas."""
    return tuple(name for part in text.split(",") if (name := part.strip()))


def problems(error: ValidationError) -> list[str]:
    """One sentence for each setting that is wrong. What may hold a secret is not repeated."""
    return [_problem(str(each["loc"][0]) if each["loc"] else "", each["msg"], each["input"]) for each in error.errors()]


def _problem(name: str, message: str, value: object) -> str:
    message = message.removeprefix("Value error, ")
    if not name:
        return f"{message}."
    secret = "PASSWORD" in name or "URI" in name
    shown = f", not {value!r}" if isinstance(value, str | int | float) and not secret else ""
    return f"{name}: {message[0].lower()}{message[1:]}{shown}."
