-- Addresses that are gone for good, as long as the registry's entries that they stand in are those of before.
-- out: address text, entry_kind int2, entry_key text, entry_since int8
SELECT address, entry_kind, entry_key, entry_since
  FROM notify.gone
 LIMIT 10000;
