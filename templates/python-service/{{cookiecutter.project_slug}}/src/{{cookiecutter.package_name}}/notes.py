"""Notes: an example of the service's own work. Replace it with yours.

A feature is a module like this one: its data, what does the work, and a router that translates
between the two and HTTP. `app.py` includes the router.
"""

from http import HTTPStatus
from itertools import count
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from prometheus_client import Counter
from pydantic import BaseModel, Field

router = APIRouter(prefix="/notes", tags=["notes"])

NOTES_CREATED = Counter("notes_created", "Notes that were created since the start.")


class NewNote(BaseModel):
    """A note as a client sends it."""

    text: str = Field(min_length=1, max_length=1000)


class Note(NewNote):
    """A note that has been stored."""

    id: int


class NoteStore:
    """Keeps notes in memory, for as long as the process runs."""

    def __init__(self) -> None:
        self._notes: dict[int, Note] = {}
        self._ids = count(1)

    def add(self, new: NewNote) -> Note:
        """Store a note under the next free ID."""
        note = Note(id=next(self._ids), text=new.text)
        self._notes[note.id] = note
        return note

    def get(self, note_id: int) -> Note | None:
        """Return the note, or None where there is none with this ID."""
        return self._notes.get(note_id)

    def list(self) -> list[Note]:
        """Return all notes, oldest first."""
        return list(self._notes.values())


def get_store(request: Request) -> NoteStore:
    """Return the store of the application that answers this request."""
    store: NoteStore = request.app.state.notes
    return store


Store = Annotated[NoteStore, Depends(get_store)]


@router.post("", status_code=HTTPStatus.CREATED)
async def create_note(new: NewNote, store: Store, request: Request, response: Response) -> Note:
    """Create a note."""
    note = store.add(new)
    NOTES_CREATED.inc()
    response.headers["Location"] = str(request.url_for("read_note", note_id=note.id))
    return note


@router.get("")
async def list_notes(store: Store) -> list[Note]:
    """List all notes, oldest first."""
    return store.list()


@router.get("/{note_id}", responses={HTTPStatus.NOT_FOUND: {"description": "No such note"}})
async def read_note(note_id: int, store: Store) -> Note:
    """Read one note."""
    note = store.get(note_id)
    if note is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "No such note")
    return note
