-- Notes what was erased, in the transaction that does it.
-- in:  $1 text kind, $2 text key, $3 text demanded_by, $4 text why, $5 int8 texts, $6 int8 notices, $7 int8 objects, $8 int8 addresses
INSERT INTO intake.erasure (kind, key, demanded_by, why, texts, notices, objects, addresses)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::int8, $6::int8, $7::int8, $8::int8);
