# Gadfly in a container: docker compose run --rm gadfly
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.lock .
# uv itself comes from the lock, by its hash, like everything else.
RUN awk '/^uv==/ { on = 1 } on { print } on && !/\\$/ { exit }' requirements.lock > /tmp/uv.txt \
    && pip install --no-cache-dir --require-hashes --no-deps -r /tmp/uv.txt
RUN sed '/^# For the tests only/,$d' requirements.lock > /tmp/run.txt \
    && uv venv /opt/gadfly \
    && uv pip install --no-cache --compile-bytecode --no-deps --require-hashes \
        --python /opt/gadfly/bin/python -r /tmp/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY seeds seeds
COPY content content
COPY bot bot
COPY adapters adapters
RUN uv pip install --no-cache --compile-bytecode --no-deps --no-build-isolation --python /opt/gadfly/bin/python .

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin gadfly \
    && install -d -o gadfly -g gadfly -m 700 /data
COPY --from=build /opt/gadfly /opt/gadfly
ENV PATH=/opt/gadfly/bin:$PATH \
    GADFLY_HOME=/data \
    PYTHONUNBUFFERED=1
USER gadfly
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=5m --timeout=20s --start-period=30s CMD ["gadfly", "doctor"]
CMD ["gadfly"]
