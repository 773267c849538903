"""Notes: an example of the service's own work. Replace it with yours.

A feature is a module like this one: its data, what does the work, and a router that translates
between the two and HTTP. `app.py` includes the router.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request, Response
from prometheus_client import Counter
from pydantic import BaseModel, Field
from sqlalchemy import Column, Integer, String, Table, insert, select

from {{ cookiecutter.package_name }}.database import Database, metadata

router = APIRouter(prefix="/notes", tags=["notes"])

NOTES_CREATED = Counter("notes_created", "Notes that were created since the start.")
LONGEST_TEXT = 1000
LARGEST_ID = 2**31 - 1  # what an integer of the database holds

table = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", String(LONGEST_TEXT), nullable=False),
)


class NewNote(BaseModel):
    """A note as a client sends it."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


class Note(NewNote):
    """A note that has been stored."""

    id: int


class NoteStore:
    """Keeps notes in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewNote) -> Note:
        """Store a note under the next free ID."""
        with self._database.transaction() as connection:
            result = connection.execute(insert(table).values(text=new.text))
            key = result.inserted_primary_key
        return Note.model_validate({"id": key and key.id, "text": new.text})

    def get(self, note_id: int) -> Note | None:
        """Return the note, or None where there is none with this ID."""
        with self._database.transaction() as connection:
            row = connection.execute(select(table).where(table.c.id == note_id)).one_or_none()
        return None if row is None else Note(id=row.id, text=row.text)

    def list(self) -> list[Note]:
        """Return all notes, oldest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(select(table).order_by(table.c.id)).all()
        return [Note(id=row.id, text=row.text) for row in rows]


def get_store(request: Request) -> NoteStore:
    """Return the store of the application that answers this request."""
    store: NoteStore = request.app.state.notes
    return store


Store = Annotated[NoteStore, Depends(get_store)]


# Without `async`: each runs in a thread, where it may wait for the database.
@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses={HTTPStatus.BAD_REQUEST: {"description": "The body is not JSON"}},
)
def create_note(new: NewNote, store: Store, request: Request, response: Response) -> Note:
    """Create a note."""
    note = store.add(new)
    NOTES_CREATED.inc()
    response.headers["Location"] = str(request.url_for("read_note", note_id=note.id))
    return note


@router.get("")
def list_notes(store: Store) -> list[Note]:
    """List all notes, oldest first."""
    return store.list()


@router.get("/{note_id}", responses={HTTPStatus.NOT_FOUND: {"description": "No such note"}})
def read_note(note_id: Annotated[int, Path(ge=1, le=LARGEST_ID)], store: Store) -> Note:
    """Read one note."""
    note = store.get(note_id)
    if note is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, "No such note")
    return note
