-- How far the schema of the database is, and which releases work with it.
-- out: service text, newest int4, least_release text
SELECT s.service, s.newest, c.least_release
  FROM read.schema AS s, journal.config AS c;
