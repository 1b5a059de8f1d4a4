"""Random work on the service, held against a plain Python model of what it should know.

LINEAGE_MODEL_EXAMPLES sets how many sequences are tried on each engine; a long run takes a few hundred.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from graph.address import Address
from tests.model.machine import COMPARE_EVERY, LineageMachine

EXAMPLES = int(os.environ.get("LINEAGE_MODEL_EXAMPLES", "6"))


def test_the_service_knows_what_the_model_knows(address: Address) -> None:
    machine = type("Machine", (LineageMachine,), {"address": address})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=4 * COMPARE_EVERY,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
