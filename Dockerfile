# The service as a few files of JavaScript with all it imports, so that it starts as fast as a bare server.
FROM node:24-slim AS bundle
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY LICENSE ./
COPY .ci/bundle .ci/
COPY src ./src
RUN .ci/bundle /app

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 SLUICE_DATA=/data SLUICE_FILES=/files
WORKDIR /app
COPY --from=bundle /app ./
RUN mkdir /data /files && chown node:node /data /files
USER node
VOLUME /data /files
EXPOSE 8080
# Reachable from other machines, so it wants a token: docker run -e SLUICE_TOKEN=… -p 8080:8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node is the first process and takes SIGTERM itself: last batches are counted, followers told, exit 0.
CMD ["node", "src/launch.js", "serve"]
