-- How much is in archives.
-- out: files int8
SELECT count(*) AS files
  FROM journal.archive;
