"""The Textual application: a theme, one editor screen, and nothing else."""

from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from posteditor.tui.editor_screen import EditorScreen
from posteditor.tui.editor_setup import EditorSetup


class EditorApp(App[None]):
    """The editor in the terminal.

    The caller owns the session in ``setup`` and closes it after ``run``.
    """

    TITLE = "posteditor"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "Commands", show=False, priority=True),
    ]

    def __init__(self, setup: EditorSetup) -> None:
        super().__init__()
        self._setup = setup
        self.editor_screen: EditorScreen | None = None

    def on_mount(self) -> None:
        """Show the editor."""
        self.editor_screen = EditorScreen(self._setup)
        self.push_screen(self.editor_screen)

    async def action_quit(self) -> None:
        """Textual's own Ctrl+Q, which comes before any screen's: nothing that was typed may stay behind."""
        if self.editor_screen is not None:
            await self.editor_screen.action_perform("quit")

    def on_unmount(self) -> None:
        """However the program ends, no child process stays behind."""
        if self.editor_screen is not None:
            self.editor_screen.close_down()


def run_editor(setup: EditorSetup) -> None:
    """Run the editor until the person leaves."""
    app = EditorApp(setup)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
