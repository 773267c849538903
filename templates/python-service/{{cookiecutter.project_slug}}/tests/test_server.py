import asyncio
import socket

import httpx2
import pytest
from fastapi import FastAPI

from {{ cookiecutter.package_name }} import server
from {{ cookiecutter.package_name }}.server import Server
from {{ cookiecutter.package_name }}.settings import Settings


def test_a_request_in_flight_is_finished_before_the_server_stops(
    app: FastAPI, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> str:
        arrived, draining = asyncio.Event(), asyncio.Event()
        monkeypatch.setattr(app.state.readiness, "drain", draining.set)

        @app.get("/slow")
        async def slow() -> str:
            arrived.set()
            await draining.wait()
            return "finished"

        running = Server(app, settings)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            serving = asyncio.create_task(running.serve(sockets=[listener]))
            async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
                response = asyncio.create_task(client.get("/slow"))
                await arrived.wait()
                running.should_exit = True  # what SIGTERM sets
                answer: str = (await response).json()
            await serving
        return answer

    assert asyncio.run(asyncio.wait_for(scenario(), timeout=30)) == "finished"


def test_invalid_settings_stop_the_process_before_it_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "many")

    with pytest.raises(SystemExit, match="Invalid settings") as caught:
        server.main()
    assert "port" in str(caught.value.code)
