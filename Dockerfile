# One image for every role: docker compose says which one a container plays.
FROM python:3.11-slim-bookworm AS build
RUN python -m venv /opt/mta
COPY requirements.lock .
RUN /opt/mta/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . /src
RUN /opt/mta/bin/pip install --no-cache-dir --no-build-isolation --no-deps /src

FROM python:3.11-slim-bookworm
# Redis is here for `mta up`, which runs everything in one container.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        chromium-headless-shell fonts-dejavu-core fonts-liberation redis-server \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home mta \
    && install -d -o mta -g mta /data
COPY --from=build /opt/mta /opt/mta
ENV PATH=/opt/mta/bin:$PATH PYTHONUNBUFFERED=1 MTA_DATA_DIR=/data
WORKDIR /data
VOLUME /data
USER mta
# Browsers leave children behind: run with an init (`docker run --init`, `init: true`).
ENTRYPOINT ["mta"]
CMD ["up"]
