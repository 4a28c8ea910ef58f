"""How machines are divided among workers, and addresses that can't be: without a cluster."""

import pytest

from posteditor.errors import UsageError
from posteditor.services.ray_cluster import RayOptions, Workers, check_ray, divided


@pytest.mark.parametrize(
    ("machines", "options", "expected"),
    [
        ([{"CPU": 2}], RayOptions(), Workers(1, 2, 0)),
        ([{"CPU": 1}, {"CPU": 1}], RayOptions(), Workers(2, 1, 0)),
        ([{"CPU": 6}, {"CPU": 64}], RayOptions(), Workers(23, 3, 0)),
        ([{}, {"CPU": 0}, {"CPU": 16}], RayOptions(), Workers(4, 4, 0)),
        ([{"CPU": 64}], RayOptions(cpus=16), Workers(4, 16, 0)),
        ([{"CPU": 64, "GPU": 2}, {"CPU": 64}], RayOptions(gpus=1), Workers(2, 4, 1)),
        ([{"CPU": 8, "GPU": 1}], RayOptions(cpus=1, gpus=0.25), Workers(4, 1, 0.25)),
    ],
)
def test_machines_are_divided(machines: list[dict[str, float]], options: RayOptions, expected: Workers) -> None:
    assert divided(machines, options) == expected


@pytest.mark.parametrize("options", [RayOptions(cpus=9), RayOptions(gpus=1)])
def test_more_than_a_machine_has_is_refused(options: RayOptions) -> None:
    with pytest.raises(UsageError, match="no machine"):
        divided([{"CPU": 8}, {"CPU": 8}], options)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("ray://127.0.0.1:1", "on the cluster"),
        ("127.0.0.1:1", "can't be reached"),
        ("127.0.0.1:99999", "can't be reached"),
        ("localhost", "HOST:PORT"),
    ],
)
def test_an_address_without_a_cluster_is_named(address: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem) as caught:
        check_ray(RayOptions(address))
    assert address in caught.value.message
