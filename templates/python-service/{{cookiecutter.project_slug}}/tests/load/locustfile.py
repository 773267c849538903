"""What users do under load. Played against the running service by `devkit test --kind load`."""

from locust import HttpUser, between, task


class Reader(HttpUser):
    """Somebody who reads the notes far more often than writing one."""

    wait_time = between(0.1, 0.5)

    @task(9)
    def list_notes(self) -> None:
        self.client.get("/notes")

    @task
    def write_note(self) -> None:
        with self.client.post("/notes", json={"text": "Milk"}, catch_response=True) as answer:
            if not answer.headers.get("Location"):
                answer.failure("the answer does not say where the note is")
