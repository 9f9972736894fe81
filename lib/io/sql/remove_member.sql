-- Takes an instance off the list when it leaves; not when another process has its name meanwhile.
-- in:  $1 text instance, $2 int8 process
DELETE FROM journal.member
 WHERE instance = $1::text AND process = $2::int8;
