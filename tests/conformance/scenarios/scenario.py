"""The registry of scenarios: functions that take a Product, found by theme and name."""

import os

SCENARIOS = {}


def register(theme, name, function):
    """Registers a scenario. The docstring says what it is about."""
    key = f"{theme}.{name}"
    if key in SCENARIOS:
        raise ValueError(f"two scenarios are called {key}")
    if not function.__doc__:
        raise ValueError(f"scenario {key} does not say what it is about")
    function.needs_root = getattr(function, "needs_root", False)
    SCENARIOS[key] = function
    return function


def scenario(function):
    """Registers a function under its module's name and its own."""
    return register(function.__module__.rpartition(".")[2], function.__name__, function)


def needs_root(function):
    """For scenarios that change users or owners; below @scenario. Skipped for anybody else."""
    function.needs_root = True
    return function


def can_be_performed(function):
    return os.getuid() == 0 or not function.needs_root
