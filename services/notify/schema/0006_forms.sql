-- The forms of a notice beside its body, for channels that can show more, or less; null: it has none.
ALTER TABLE notify.notice_text
    ADD COLUMN html     text,  -- for mail
    ADD COLUMN markdown text,  -- for robots
    ADD COLUMN brief    text;  -- one line, for text messages and pagers
