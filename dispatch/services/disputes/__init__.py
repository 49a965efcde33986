"""快处快裁: disputes about who is responsible become dockets, argued and ruled on while somebody handles the case."""

from . import guard  # noqa: F401  registers the needs of the moves
