"""Training a model from a recipe. Loads torch only when it is called."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from posteditor.training.evaluation import SetReport
    from posteditor.training.tuning import Evaluation


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What came out of a run."""

    output: Path
    """The model folder."""
    evaluation: "Evaluation"

    def to_json(self) -> dict[str, Any]:
        """The folder and all figures as plain JSON values."""
        return {"output": str(self.output), **self.evaluation.to_json()}

    def summary(self) -> list[str]:
        """A line on each development set at each threshold, and one on where the model is."""
        settings = self.evaluation.settings
        lines = []
        for name, threshold, reports in (
            ("show", settings.show, self.evaluation.shown),
            ("apply", settings.apply, self.evaluation.applied),
        ):
            lines += [f"{name} from {threshold:.3f}: {_line(report)}" for report in reports]
        return [*lines, f"The model is in {self.output}; its card is {self.output / 'README.md'}"]


def train_model(
    config: Path,
    output: Path,
    *,
    data: Path,
    work: Path,
    force: bool = False,
    on_message: Callable[[str], None] = lambda _: None,
) -> TrainingReport:
    """Make a model folder from the recipe in ``config``.

    Args:
        config: The recipe, a TOML file.
        output: The folder to write; it appears at the end, in one step.
        data: The folder with the files that the recipe names.
        work: The folder for checkpoints; a run that was stopped goes on from there.
        force: Replace a model that is in ``output``.
        on_message: Told what is going on, a line at a time.

    Raises:
        PostEditorError: Something is at fault that the person can put right.
        KeyboardInterrupt: The run was stopped.
    """
    from posteditor.training.command import train_from_config

    evaluation = train_from_config(config, data, output, work, force=force, on_message=on_message)
    return TrainingReport(output, evaluation)


def _line(report: "SetReport") -> str:
    outcome = report.outcome
    scores = ", ".join(
        f"{before.name} {before.value:.2f} → {after.value:.2f}"
        for before, after in zip(report.nothing, report.rewritten, strict=True)
    )
    return (
        f"{report.name}: {outcome.changed} of {outcome.segments} changed, {outcome.better} better, "
        f"{outcome.worse} worse; {scores}"
    )
