-- Takes an instance off the list: itself when it leaves, or one that has been dead for long.
-- in:  $1 text instance
DELETE FROM journal.member
 WHERE instance = $1::text;
