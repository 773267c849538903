# RabbitMQ with its pages, as the published image has it.
FROM devkit-stand-in/python:latest
ENV DEBIAN_FRONTEND=noninteractive HOME=/var/lib/rabbitmq
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends rabbitmq-server >/dev/null \
    && rabbitmq-plugins --offline enable rabbitmq_management \
    && rm -rf /var/lib/rabbitmq/mnesia /var/lib/apt/lists/* \
    && chown -R rabbitmq:rabbitmq /etc/rabbitmq /var/lib/rabbitmq /var/log/rabbitmq
USER rabbitmq
VOLUME /var/lib/rabbitmq
EXPOSE 5672 15672
CMD ["rabbitmq-server"]
