"""Order and circles, against brute force."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from activities_gen.model.graph import closed, cycles, order

GRAPHS = st.integers(1, 7).flatmap(
    lambda size: st.fixed_dictionaries(
        {node: st.lists(st.integers(0, size - 1), max_size=size) for node in range(size)}
    )
)


def reaches(graph: dict[int, list[int]], start: int) -> set[int]:
    """All nodes that edges lead to from a node."""
    found: set[int] = set()
    pending = list(graph[start])
    while pending:
        node = pending.pop()
        if node not in found:
            found.add(node)
            pending += graph[node]
    return found


@given(GRAPHS)
def test_each_node_comes_after_those_before_it(graph: dict[int, list[int]]) -> None:
    ordered = order(graph)
    for place, node in enumerate(ordered):
        assert set(graph[node]) <= set(ordered[:place])


@given(GRAPHS)
def test_exactly_the_nodes_that_no_circle_blocks_are_ordered(graph: dict[int, list[int]]) -> None:
    on_circle = {node for node in graph if node in reaches(graph, node)}
    blocked = {node for node in graph if ({node} | reaches(graph, node)) & on_circle}
    assert set(order(graph)) == set(graph) - blocked


@given(GRAPHS)
def test_there_is_a_circle_if_a_node_reaches_itself(graph: dict[int, list[int]]) -> None:
    found = list(cycles(graph))
    assert bool(found) == any(node in reaches(graph, node) for node in graph)
    for circle in found:
        assert all(after in graph[node] for node, after in zip(circle, [*circle[1:], circle[0]], strict=True))
    nodes = [node for circle in found for node in circle]
    assert len(nodes) == len(set(nodes))


def test_what_may_be_in_any_order_keeps_its_own() -> None:
    assert order({"b": [], "a": ["c"], "c": [], "d": []}) == ["b", "c", "a", "d"]


def test_a_long_chain_is_no_matter() -> None:
    chain = {node: [node - 1] if node else [] for node in range(50_000)}
    assert order(chain) == list(range(50_000))
    assert len(next(cycles({**chain, 0: [49_999]}))) == 50_000


def test_a_circle_is_shown_from_its_first_name() -> None:
    assert closed(["c", "a", "b"]) == ["a", "b", "c", "a"]
    assert len(closed([f"{number:03}" for number in range(100)])) == 20
