# syntax=docker/dockerfile:1
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS bundle
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY build ./build
COPY browser ./browser
COPY src ./src
RUN npm run build

FROM ${NODE_IMAGE} AS root
WORKDIR /addon
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY deploy/image/make-root /usr/local/bin/
RUN make-root /image /usr/local/bin/node "$(find "$PWD" -name '*.node')"
# A volume that is made anew takes owner and mode from here. Group 0 is what OpenShift's arbitrary users are in.
RUN install -d -m 0770 -o 65532 -g 0 /image/var/lib/cloudflare-interconnect-exporter
WORKDIR /image/app
COPY package.json LICENSE config.example.yaml ./
RUN mkdir node_modules && cp -r /addon/node_modules/@node-rs node_modules/
COPY docs/runbooks ./docs/runbooks
COPY --from=bundle /build/dist ./dist
ARG REVISION=""
RUN printf '%s' "${REVISION}" > dist/revision

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=""
LABEL org.opencontainers.image.title="cloudflare-interconnect-exporter" \
      org.opencontainers.image.description="Prometheus exporter for the state of Cloudflare Network Interconnects (CNI)" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=root /image /
# Where `config.yaml` is looked for: mount a folder here.
WORKDIR /etc/cloudflare-interconnect-exporter
VOLUME /var/lib/cloudflare-interconnect-exporter
# By number, so that Kubernetes can see that it is not root.
USER 65532:65532
EXPOSE 13335
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["/usr/local/bin/node", "/app/dist/bin.cjs", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/node", "/app/dist/bin.cjs"]
