"""Undo and redo against a simple model, restarts included."""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from posteditor.core.segment import Status
from posteditor.services.editing import EditingSession
from posteditor.store.bulk import ProjectBuilder

TEXTS = st.sampled_from(["mt", "a", "b", "", "ÄÖ\0", "\U0001f600"])


@dataclass
class Node:
    """A revision in the model: plain objects that point at each other."""

    text: str | None
    status: Status
    parent: "Node | None" = None
    children: "list[Node]" = field(default_factory=list)


class Editing(RuleBasedStateMachine):
    """One segment, edited at random; closed, killed and opened again at random."""

    @initialize(imported=st.sampled_from([None, "a", "mt"]), status=st.sampled_from(list(Status)))
    def make(self, imported: str | None, status: Status) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "p"
        with ProjectBuilder(self.path) as builder:
            builder.add([(1, 1, None, None, "mt", imported, status.value, "", None)], [])
            builder.index()
            builder.finish()
        self.head = Node(imported, status)
        self.draft: str | None = None
        self.length = 0
        self.session = EditingSession.open(self.path)

    def shown(self) -> str:
        return "mt" if self.head.text is None else self.head.text

    def append(self, text: str | None, status: Status) -> None:
        node = Node(text, status, self.head)
        self.head.children.append(node)
        self.head, self.draft = node, None
        self.length += 1

    def leave_draft(self) -> None:
        if self.draft is not None:
            self.append(self.draft, Status.DRAFT)

    @rule(text=TEXTS)
    def type_text(self, text: str) -> None:
        self.session.save_draft(1, text)
        self.draft = None if text == self.shown() else text

    @rule(text=TEXTS)
    def take(self, text: str) -> None:
        self.session.take(1, text, rewriter="r", edits=[])
        self.leave_draft()
        self.append(text, Status.DRAFT)

    @rule()
    def leave(self) -> None:
        self.session.leave(1)
        self.leave_draft()

    @rule(text=TEXTS)
    def confirm(self, text: str) -> None:
        self.session.confirm(1, text)
        if (self.head.text, self.head.status, self.draft) != (text, Status.CONFIRMED, None):
            self.append(text, Status.CONFIRMED)

    @rule(text=TEXTS)
    def reject(self, text: str) -> None:
        self.session.reject(1, text)
        target = self.head.text if text == self.shown() else text
        if (self.head.text, self.head.status, self.draft) != (target, Status.REJECTED, None):
            self.append(target, Status.REJECTED)

    @rule()
    def reopen(self) -> None:
        self.session.reopen(1)
        self.leave_draft()
        if not self.head.status.is_open:
            self.append(self.head.text, Status.NEW if self.head.text is None else Status.DRAFT)

    @rule()
    def undo(self) -> None:
        segment = self.session.undo(1)
        self.leave_draft()
        assert (segment is None) == (self.head.parent is None)
        if self.head.parent is not None:
            self.head = self.head.parent

    @rule()
    def redo(self) -> None:
        segment = self.session.redo(1)
        self.leave_draft()
        assert (segment is None) == (not self.head.children)
        if self.head.children:
            self.head = self.head.children[-1]

    @rule()
    def restart(self) -> None:
        self.session.close()
        self.leave_draft()
        assert [path.name for path in self.folder.iterdir()] == ["p"]
        self.session = EditingSession.open(self.path)
        assert self.session.recovered == 0

    @rule()
    def crash(self) -> None:
        """What is on the disk after a kill: the files as they are, copied from under the open session."""
        copy = self.folder / "copy"
        copy.mkdir()
        for file in ("p", "p-wal"):
            shutil.copy(self.folder / file, copy / file)
        with EditingSession.open(copy / "p") as session:
            assert session.recovered == (self.draft is not None)
            assert session.load(1).target == (self.head.text if self.draft is None else self.draft)
        shutil.rmtree(copy)

    @invariant()
    def is_as_in_the_model(self) -> None:
        if not hasattr(self, "session"):
            return
        segment = self.session.load(1)
        expected = (self.head.text, self.head.status) if self.draft is None else (self.draft, Status.DRAFT)
        assert (segment.target, segment.status) == expected
        assert self.session.counts() == {status: int(status is expected[1]) for status in Status}
        assert self.session.next_open(0) == (1 if expected[1].is_open else None)
        assert len(self.session.history(1)) == self.length

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()
            shutil.rmtree(self.folder)


Editing.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestEditing = Editing.TestCase
