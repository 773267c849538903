# What an image of the Python service is measured against: one stage with pip, laid out as Docker's own guide for
# Python has it (cache mount, requirements before source, a user without rights).

FROM python:3.13-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

WORKDIR /app

RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin service

RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=bind,source=requirements.txt,target=requirements.txt \
    --mount=type=secret,id=ca,required=true \
    PIP_CERT=/run/secrets/ca python -m pip install --requirement requirements.txt

USER service
COPY . .
EXPOSE 8000
ENV PYTHONPATH=src HOST=0.0.0.0
CMD ["python", "-m", "shop"]
