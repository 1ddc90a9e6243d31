# syntax=docker/dockerfile:1
# One image per app: docker build --target executor-api|pattern-worker|pack-builder|cli .

FROM node:24-bookworm-slim AS build
WORKDIR /srv/dawsos
COPY package.json package-lock.json .npmrc tsconfig.base.json tsconfig.json ./
COPY apps apps
COPY libs libs
RUN npm ci --omit=dev && node node_modules/typescript-native/bin/tsc -b tsconfig.json

FROM node:24-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /srv/dawsos
COPY --from=build --chown=root:root /srv/dawsos /srv/dawsos
COPY patterns patterns
COPY rights rights
ENV PATTERNS_DIR=/srv/dawsos/patterns \
    RIGHTS_REGISTRY=/srv/dawsos/rights/registry.yaml \
    HOST=0.0.0.0 \
    OPERATIONS_HOST=0.0.0.0
USER 10001:10001

FROM runtime AS executor-api
EXPOSE 8080 9464
CMD ["node", "apps/executor-api/dist/main.js"]

FROM runtime AS pattern-worker
EXPOSE 9464
CMD ["node", "apps/pattern-worker/dist/main.js"]

FROM runtime AS pack-builder
EXPOSE 9464
CMD ["node", "apps/pack-builder/dist/main.js"]

FROM runtime AS cli
ENTRYPOINT ["node", "apps/cli/dist/main.js"]
