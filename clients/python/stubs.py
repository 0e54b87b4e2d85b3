"""Puts the contract's stubs into the distributions."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_PACKAGES = ("wikifeed", "buf")
_SHIPPED = "stubs"


class StubsHook(BuildHookInterface[Any]):
    """Adds the stubs, from where they are, to what is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folders to add."""
        del version  # standard or editable: the same
        root = Path(self.root)
        shipped = root / _SHIPPED
        source = shipped if shipped.is_dir() else root.parent.parent / "generated" / "python"
        target = f"{_SHIPPED}/" if self.target_name == "sdist" else ""
        for package in _PACKAGES:
            build_data["force_include"][str(source / package)] = f"{target}{package}"
