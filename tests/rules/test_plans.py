"""What must be made, in which order."""

import random

import networkx
import pytest

from graph.rules.plans import making_order


def test_what_feeds_another_comes_first() -> None:
    upstreams = {"d": ["b", "c"], "b": ["a"], "c": ["a"]}
    assert making_order(["d"], upstreams, lambda _: False) == ["a", "b", "c", "d"]


def test_what_will_do_ends_the_way() -> None:
    upstreams = {"c": ["b"], "b": ["a"]}
    assert making_order(["c"], upstreams, lambda key: key == "b") == ["c"]
    assert making_order(["c"], upstreams, lambda key: key == "c") == []


def test_a_cycle_is_cut() -> None:
    assert making_order(["a"], {"a": ["b"], "b": ["a"]}, lambda _: False) == ["b", "a"]


def test_a_long_chain_is_no_trouble() -> None:
    chain = {str(n): [str(n + 1)] for n in range(5_000)}
    assert making_order(["0"], chain, lambda _: False)[0] == "5000"


@pytest.mark.parametrize("seed", range(20))
def test_it_is_what_networkx_says(seed: int) -> None:
    dice = random.Random(seed)
    graph = networkx.gnp_random_graph(30, 0.1, seed=seed, directed=True)
    graph.remove_edges_from([(a, b) for a, b in graph.edges if a >= b])
    good = {n for n in graph if dice.random() < 0.3}
    wanted = dice.sample(sorted(graph), 3)
    bad = graph.subgraph(set(graph) - good)
    needed = {n for each in wanted if each in bad for n in ({each} | networkx.ancestors(bad, each))}
    upstreams = {str(n): [str(each) for each in graph.predecessors(n)] for n in graph}
    order = making_order(map(str, wanted), upstreams, lambda key: int(key) in good)
    assert {int(each) for each in order} == needed
    assert len(order) == len(needed)
    place = {int(key): n for n, key in enumerate(order)}
    assert all(place[a] < place[b] for a, b in bad.subgraph(needed).edges)
