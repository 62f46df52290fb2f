import psycopg
import pytest
import redis


def test_nothing_left_in_redis_reaches_the_next_test(redis_url: str, request: pytest.FixtureRequest) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set("left", "behind")

        request.getfixturevalue("fresh_redis_url")

        assert client.dbsize() == 0


def test_every_test_gets_a_database_of_its_own(fresh_postgres_url: str, postgres_url: str) -> None:
    assert fresh_postgres_url != postgres_url

    with psycopg.connect(fresh_postgres_url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        encoding = connection.execute("SHOW server_encoding").fetchone()

    assert tables == (0,)
    assert encoding == ("UTF8",)
