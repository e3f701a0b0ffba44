"""The registry of scenarios: functions that take a Product, found by their names."""

SCENARIOS = {}


def scenario(function):
    """Registers a scenario under its function's name. The docstring says what it is about."""
    name = function.__name__
    if name in SCENARIOS:
        raise ValueError(f"two scenarios are called {name}")
    if not function.__doc__:
        raise ValueError(f"scenario {name} does not say what it is about")
    SCENARIOS[name] = function
    return function
