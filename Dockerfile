# The same steps as `make run` on a machine. Web, worker and beat run from this one image.
FROM python:3.11-slim-bookworm

RUN apt-get update && apt-get install --yes --no-install-recommends make
WORKDIR /app

# First what seldom changes.
COPY Makefile requirements.txt ./
RUN make system venv

COPY . .
RUN make catalogue static

# The clock keeps its schedule in .local; nothing else is written.
RUN useradd --system --home-dir /app legalaid && install -d -o legalaid -g legalaid .local
USER legalaid
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
EXPOSE 8000
