# The binary, its shared libraries and the shipped timeline, and nothing else.
FROM docker.io/library/debian:bookworm-slim AS build
WORKDIR /source
COPY tools/install-packages tools/packages.txt tools/
RUN tools/install-packages build
COPY . .
RUN meson setup /build -Dtests=disabled -Dstrip=true --prefix /usr \
	&& ninja -C /build \
	&& tools/image-root /build /image

# The last stage takes its files from here: no image without its tests.
FROM build AS test
RUN tools/install-packages unit
RUN meson setup /build-test -Dtests=enabled && meson test -C /build-test

FROM scratch
COPY --from=test /image /
USER 65532:65532
EXPOSE 8080
ENV UDCG_LISTEN=0.0.0.0:8080 UDCG_TIMELINE=/usr/share/udcg/timeline.json
HEALTHCHECK --interval=10s --timeout=2s --start-period=10s CMD ["/usr/bin/udcg", "probe"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/udcg"]
CMD ["serve"]
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="udcg" \
	org.opencontainers.image.description="A cited timeline of the Ukraine Defense Contact Group over HTTP" \
	org.opencontainers.image.licenses="MIT" \
	org.opencontainers.image.version="$VERSION" \
	org.opencontainers.image.revision="$REVISION"
