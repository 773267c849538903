"""Settings, read from the environment and from `.env`."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


class Settings(BaseSettings):
    """Each field is set by the environment variable of its name in capitals.

    `.env.example` explains what they mean; a test keeps the two in step.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # a setting may be a secret
    )

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    log_level: Annotated[LogLevel, BeforeValidator(str.upper)] = "INFO"
    database_url: SecretStr = SecretStr("sqlite:///data.sqlite3")
    ready_timeout_seconds: float = Field(default=2, gt=0)
    drain_seconds: float = Field(default=0, ge=0)
    shutdown_timeout_seconds: int = Field(default=20, ge=0)
