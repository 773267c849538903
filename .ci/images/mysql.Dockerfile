# MariaDB in the place of the published image of MySQL.
FROM devkit-stand-in/python:latest
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends mariadb-server mariadb-client-compat >/dev/null \
    && rm -rf /var/lib/mysql/* /var/lib/apt/lists/*
COPY --chmod=755 mysql-entrypoint /usr/local/bin/
VOLUME /var/lib/mysql
EXPOSE 3306
ENTRYPOINT ["mysql-entrypoint"]
CMD ["mariadbd"]
