"""What all parts of a declaration have in common."""

from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Declared(BaseModel):
    """A part of a declaration as clients write it: camelCase names, no conversion, unknown names let pass.

    Unknown names are not lost: the whole document is kept as sent beside what is read from it here.
    """

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore")

    def as_document(self) -> dict[str, Any]:
        """What was declared, as JSON with the names that clients use; what was left out stays out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
