# The operator's image: Ceph's own, for librados and the command line tools, with Node and the bundled operator on top.
FROM node:24-bookworm-slim AS build
# amd64 or arm64; BuildKit sets it
ARG TARGETARCH=amd64
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && rm -f dist/*.map dist/chunks/*.map \
 && mkdir -p /koffi/build/koffi \
 && cp node_modules/koffi/package.json node_modules/koffi/index.js /koffi/ \
 && cp -r "node_modules/koffi/build/koffi/linux_$([ "$TARGETARCH" = arm64 ] && echo arm64 || echo x64)" /koffi/build/koffi/

FROM quay.io/ceph/ceph:v20.2.4
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --chmod=755 image/rook /usr/local/bin/rook
COPY --from=build /koffi /app/node_modules/koffi
COPY --from=build /src/dist /app
RUN echo 'rook:x:2016:2016:Ceph operator:/var/lib/rook:/sbin/nologin' >>/etc/passwd \
 && echo 'rook:x:2016:' >>/etc/group \
 && install -d -o 2016 -g 2016 /etc/ceph /var/lib/rook
ENV HOME=/var/lib/rook NODE_ENV=production UV_THREADPOOL_SIZE=128 MALLOC_ARENA_MAX=2
USER 2016:2016
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=1", "/app/main.mjs"]
