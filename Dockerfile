# The service as an image. The build needs this file and the build context, nothing else.
FROM node:22-slim AS pages
WORKDIR /build
COPY ui/graphiql/package.json ui/graphiql/package-lock.json ui/graphiql/.npmrc ui/graphiql/
COPY ui/explorer/package.json ui/explorer/package-lock.json ui/explorer/.npmrc ui/explorer/
RUN npm --prefix ui/graphiql ci --ignore-scripts && npm --prefix ui/explorer ci --ignore-scripts
COPY schema.graphql ./
COPY ui ui
RUN npm --prefix ui/graphiql run build && npm --prefix ui/explorer run build

FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/lineage
COPY requirements.lock .
RUN /opt/lineage/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY graph graph
COPY --from=pages /build/app/graphql/static app/graphql/static
COPY --from=pages /build/app/explorer_static app/explorer_static
# What it was built with stays behind: nothing in the image can install anything.
RUN /opt/lineage/bin/pip install --no-cache-dir --disable-pip-version-check \
    --no-deps --no-build-isolation --no-index . \
    && /opt/lineage/bin/pip uninstall --yes --quiet \
    editables hatchling pathspec pluggy tomlkit trove-classifiers setuptools pip

FROM python:3.11-slim
COPY --from=build /opt/lineage /opt/lineage
# A user of its own, with a fixed number so that a mounted directory can be given to it.
RUN useradd --uid 10001 --create-home lineage && install -d -o lineage -m 700 /data
# By its number, so that an orchestrator can see that it is not root.
USER 10001
WORKDIR /home/lineage
ENV PATH=/opt/lineage/bin:$PATH PYTHONUNBUFFERED=1 LINEAGE_DATA_DIR=/data
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:4000/readyz', timeout=4)"]
# Any address but loopback needs tokens: LINEAGE_TOKENS.
CMD ["lineage", "serve", "--host", "0.0.0.0", "--port", "4000"]
