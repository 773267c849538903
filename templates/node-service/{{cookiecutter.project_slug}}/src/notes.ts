// Notes: an example of the service's own work. Replace it with yours.
//
// A feature is a module like this one: its data, what does the work, and a plugin with routes that
// translate between the two and HTTP. `app.ts` registers the plugin.

import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import { Counter, type Registry } from "prom-client";
import { type Static, Type } from "typebox";

const NewNoteSchema = Type.Object({ text: Type.String({ minLength: 1, maxLength: 1000 }) });
const NoteSchema = Type.Object({ id: Type.Integer(), text: Type.String() });
const NoteIdSchema = Type.Object({ id: Type.Integer() });
const ErrorSchema = Type.Object({ message: Type.String() });

/** A note as a client sends it. */
export type NewNote = Static<typeof NewNoteSchema>;

/** A note that has been stored. */
export type Note = Static<typeof NoteSchema>;

/** Keeps notes in memory, for as long as the process runs. */
export class NoteStore {
  readonly #notes = new Map<number, Note>();
  #lastId = 0;

  /** Stores a note under the next free ID. */
  add({ text }: NewNote): Note {
    const note = { id: ++this.#lastId, text };
    this.#notes.set(note.id, note);
    return note;
  }

  /** Returns the note, or undefined where there is none with this ID. */
  get(id: number): Note | undefined {
    return this.#notes.get(id);
  }

  /** Returns all notes, oldest first. */
  list(): Note[] {
    return [...this.#notes.values()];
  }
}

export interface NotesOptions {
  store: NoteStore;
  registry: Registry;
}

/** The routes of the feature, relative to where it is registered. */
export const notes: FastifyPluginCallbackTypebox<NotesOptions> = (app, options, done) => {
  const { store, registry } = options;
  const created = new Counter({
    name: "notes_created_total",
    help: "Notes that were created since the start.",
    registers: [registry],
  });

  app.post(
    "",
    {
      schema: {
        summary: "Store a note",
        body: NewNoteSchema,
        response: { 201: NoteSchema, 400: ErrorSchema },
      },
    },
    (request, reply) => {
      const note = store.add(request.body);
      created.inc();
      request.log.info({ note_id: note.id }, "Note created");
      reply.code(201).header("location", `${app.prefix}/${note.id}`);
      return note;
    },
  );

  app.get(
    "",
    { schema: { summary: "List all notes", response: { 200: Type.Array(NoteSchema) } } },
    () => store.list(),
  );

  app.get(
    "/:id",
    {
      schema: {
        summary: "Read one note",
        params: NoteIdSchema,
        response: { 200: NoteSchema, 400: ErrorSchema, 404: ErrorSchema },
      },
    },
    (request, reply) => {
      const note = store.get(request.params.id);
      if (!note) {
        reply.code(404);
        return { message: "No such note" };
      }
      return note;
    },
  );

  done();
};
