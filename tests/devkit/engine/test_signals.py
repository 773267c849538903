from __future__ import annotations

import signal
import threading

import pytest

from devkit.engine.signals import ENDING, Interrupted, handling, shielded


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in ENDING]


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=str,
)
def test_a_signal_becomes_one_exception_with_its_exit_code(number: signal.Signals, code: int) -> None:
    with pytest.raises(Interrupted) as caught, handling():
        signal.raise_signal(number)
    assert caught.value.signal is number
    assert caught.value.kind.exit == code
    assert caught.value.state == "nothing was changed"


def test_signals_during_clean_up_are_ignored() -> None:
    steps = []

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            for _ in range(4):
                signal.raise_signal(signal.SIGINT)
            steps.append("cleaned")

    with pytest.raises(Interrupted), handling():
        work()
    assert steps == ["cleaned"]


def test_handlers_are_put_back_whether_or_not_a_signal_came() -> None:
    before = handlers()
    with handling():
        assert handlers() != before
    assert handlers() == before
    with pytest.raises(Interrupted), handling():
        signal.raise_signal(signal.SIGTERM)
    assert handlers() == before


def test_a_signal_that_was_ignored_from_the_start_stays_ignored() -> None:
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with handling():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, former)


def test_a_shield_postpones_a_signal_to_its_end() -> None:
    steps: list[str] = []

    def work() -> None:
        with shielded():
            signal.raise_signal(signal.SIGINT)
            steps.append("published")
        steps.append("never")

    with pytest.raises(Interrupted), handling():
        work()
    assert steps == ["published"]


def test_an_error_under_a_shield_is_the_context_of_the_postponed_signal() -> None:
    def work() -> None:
        with shielded():
            signal.raise_signal(signal.SIGINT)
            raise OSError

    with pytest.raises(Interrupted) as caught, handling():
        work()
    assert isinstance(caught.value.__context__, OSError)


def test_shields_nest_and_the_outermost_decides() -> None:
    steps: list[str] = []

    def work() -> None:
        with shielded():
            with shielded():
                signal.raise_signal(signal.SIGTERM)
            steps.append("still shielded")

    with pytest.raises(Interrupted), handling():
        work()
    assert steps == ["still shielded"]


def test_outside_of_the_main_thread_both_do_nothing() -> None:
    before, seen = handlers(), []

    def work() -> None:
        with handling(), shielded():
            seen.append(handlers())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
