# Front-end assets from their lock; Node stays behind in this stage.
FROM node:24.18.0-bookworm-slim AS assets
RUN apt-get update && apt-get install --yes --no-install-recommends python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY scripts/vendor_assets.py scripts/
RUN python3 scripts/vendor_assets.py --production

# The requirements, each checked against its hash.
FROM python:3.13.14-slim-bookworm AS requirements
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.txt

FROM python:3.13.14-slim-bookworm
RUN useradd --uid 1000 --create-home commissioning \
    && install --directory --owner commissioning /var/lib/joint-commissioning
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 JC_VAR_DIR=/var/lib/joint-commissioning
WORKDIR /app
COPY --from=requirements /venv /venv
COPY . .
COPY --from=assets /app/static/vendor static/vendor
# Names and hashes of the static files: no secret and no database takes part, so the values are for this step only.
RUN SECRET_KEY=for-this-step-only DATABASE_URL=postgres://nobody@nowhere/nothing JC_VAR_DIR=/tmp/build \
    python manage.py collectstatic --noinput
USER commissioning
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000", "--workers=3", "--timeout=60"]
