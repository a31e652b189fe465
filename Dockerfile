# Two stages: one that builds, one that holds the two programs and the libraries they need, without a
# compiler, and runs as nobody in particular.
FROM debian:12 AS build
WORKDIR /src
COPY deploy/install-packages.sh deploy/
RUN deploy/install-packages.sh build
COPY . .
RUN cmake --preset release -D MARQUEE_TESTS=OFF && cmake --build --preset release --target marquee marquee-server

FROM debian:12-slim
COPY deploy/install-packages.sh /tmp/
RUN /tmp/install-packages.sh runtime && rm -rf /tmp/install-packages.sh /var/lib/apt/lists/*
COPY --from=build /src/build/release/marquee /src/build/release/marquee-server /usr/local/bin/
USER 65532:65532
EXPOSE 8080 9090
ENTRYPOINT ["/usr/local/bin/marquee-server"]
CMD ["--config", "/etc/marquee/server.textproto"]
