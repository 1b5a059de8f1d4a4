"""Where a database answers over Bolt, and who we are there."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Address:
    """`user` None means no authentication; `database` None means the server's default one."""

    uri: str
    user: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    database: str | None = None
